/** Character sets in which a message can be sent, as MSH-18 writes them. */
export const CHARSETS: Readonly<Record<string, string>> = {
  'utf-8': 'UNICODE UTF-8',
  'iso-8859-15': '8859/15',
  'iso-8859-1': '8859/1',
};

/** What is changed in a file before it is sent. */
export interface Variation {
  /** MSH-10; null leaves what the file says. */
  controlId: string | null;
  /** One of CHARSETS; null leaves the bytes as they are. */
  charset: string | null;
}

/** The bytes of a file as a message: CR between segments, no empty line, varied as asked for. */
export function messageOf(file: Buffer, { controlId, charset }: Variation): Buffer {
  const wanted = charset === null ? null : CHARSETS[charset]!;
  const lines = file
    .toString('latin1')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '');
  const fields = (lines[0] ?? '').split('|');
  if (fields[0] !== 'MSH') throw new TypeError('the file does not begin with MSH');
  if (controlId !== null) fields[9] = controlId;
  const declared = fields[17] ?? '';
  if (wanted !== null) fields[17] = wanted;
  const text = [fields.join('|'), ...lines.slice(1), ''].join('\r');
  const bytes = Buffer.from(text, 'latin1');
  return wanted === null || wanted === declared ? bytes : transcoded(bytes, declared, charset!);
}

function transcoded(bytes: Buffer, declared: string, charset: string): Buffer {
  const from = Object.entries(CHARSETS).find(([, name]) => name === declared)?.[0] ?? 'utf-8';
  const text = new TextDecoder(from).decode(bytes);
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  return Buffer.from([...text].map((sign) => byteOf(sign, charset)));
}

const LATIN9: Readonly<Record<string, number>> = {
  ...{ '€': 0xa4, Š: 0xa6, š: 0xa8, Ž: 0xb4, ž: 0xb8, Œ: 0xbc, œ: 0xbd, Ÿ: 0xbe },
};

function byteOf(sign: string, charset: string): number {
  const special = charset === 'iso-8859-15' ? LATIN9[sign] : undefined;
  const code = sign === '’' ? 0x27 : sign.codePointAt(0)!;
  return special ?? (code <= 0xff ? code : 0x3f);
}

/** An acknowledgement as far as a sender looks at it. */
export interface Acknowledged {
  code: string;
  controlId: string;
  errors: { place: string; condition: string; severity: string; code: string; words: string }[];
}

export function readAcknowledgement(bytes: Buffer): Acknowledged {
  const segments = bytes
    .toString('utf8')
    .split('\r')
    .map((line) => line.split('|'));
  const msa = segments.find(([name]) => name === 'MSA') ?? [];
  const errors = segments
    .filter(([name]) => name === 'ERR')
    .map((err) => ({
      place: err[2] ?? '',
      condition: (err[3] ?? '').split('^').slice(0, 2).join(' '),
      severity: err[4] ?? '',
      code: (err[5] ?? '').split('^')[0]!,
      words: (err[8] || err[7] || '')
        .replaceAll('\\S\\', '^')
        .replaceAll('\\T\\', '&')
        .replaceAll('\\F\\', '|'),
    }));
  return { code: msa[1] ?? '', controlId: msa[2] ?? '', errors };
}
