import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../src/hl7v2/base64.ts';
import { encode } from '../../src/hl7v2/charset.ts';
import { hl7v2Limits } from '../../src/hl7v2/limits.ts';
import { Hl7Message } from '../../src/hl7v2/message.ts';
import { segment, writeMessage } from '../../src/hl7v2/writer.ts';

const header = (charset = 'UNICODE UTF-8') =>
  `MSH|^~\\&|DPI|CH|PFI|CH|20260101||ORU^R01^ORU_R01|1|T|2.5|||||FRA|${charset}|||2.1^CISIS_CDA_HL7_V2`;
const parse = (text: string) => Hl7Message.parse(Buffer.from(text, 'utf8'));
const codeOf = (bytes: Buffer) => {
  try {
    Hl7Message.parse(bytes);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
};

describe('a message', () => {
  test.each(['\r', '\n', '\r\n'])('is cut at %j', (end) => {
    const message = parse([header(), 'PID|1||42', 'ZFA|ACTIF', ''].join(end));
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'PID', 'ZFA']);
    expect(message.first('PID')!.text(3)).toBe('42');
    expect(message.header.whole(1)).toBe('|');
    expect(message.header.whole(2)).toBe('^~\\&');
    expect(message.header.text(9, 2)).toBe('R01');
    expect(message.header.text(21, 2)).toBe('CISIS_CDA_HL7_V2');
    expect(message.header.lastField).toBe(21);
  });

  test('repetitions, components, subcomponents and escapes', () => {
    const pid = parse(
      `${header()}\rPID|1||a^^^N&1.2&ISO^PI~b^^^^INS||D\\T\\X&Y^Z\\.br\\Q \\X41\\\\E\\ \\nope`,
    ).first('PID')!;
    const ids = pid.field(3).repetitions;
    expect(ids.map((one) => [one.text(1), one.text(4, 2), one.text(5)])).toEqual([
      ['a', '1.2', 'PI'],
      ['b', '', 'INS'],
    ]);
    expect(pid.text(5, 1, 1)).toBe('D&X');
    expect(pid.text(5, 1)).toBe('D&X&Y');
    expect(pid.text(5, 2)).toBe('Z\nQ A\\ \\nope');
  });

  test('a line that begins no segment continues the one before', () => {
    const message = parse(`${header()}\rOBX|1|ED|c||^TEXT^XML^Base64^QUJD\r\nREVG||||||F\r\n\r\nPID|1`);
    const obx = message.first('OBX')!;
    expect(message.continuations).toBe(1);
    expect(decodeBase64(obx.component(5, 5)).bytes.toString()).toBe('ABCDEF');
    expect(obx.text(11)).toBe('F');
    expect(message.segments).toHaveLength(3);
  });

  test('delimiters are those it declares, a tilde that is none included', () => {
    const message = parse(`${header().replace('^~', '^\u02dc')}\rPID|1||a\u02dcb~c`);
    expect(
      message
        .first('PID')!
        .field(3)
        .repetitions.map((one) => one.text()),
    ).toEqual(['a', 'b~c']);
    const strange = Buffer.from('MSH$*~\\&$A$B\rPID$1$$x*y');
    expect(Hl7Message.parse(strange).first('PID')!.text(3, 2)).toBe('y');
  });

  test('space of any kind around a value is left out', () => {
    const message = parse(`${header()}\rPRT||UC|| SB ^ Send \u00a0\u00a0`);
    expect([message.first('PRT')!.text(4), message.first('PRT')!.text(4, 2)]).toEqual(['SB', 'Send']);
  });

  test.each([
    ['UNICODE UTF-8', 'utf-8', 'Œdème à 10 €'],
    ['8859/15', 'iso-8859-15', 'Œdème à 10 €'],
    ['8859/1', 'iso-8859-1', 'oedème'],
    ['ASCII', 'utf-8', 'oedeme'],
    ['8859/15~UNICODE UTF-8', 'iso-8859-15', 'Œdème'],
  ] as const)('is read in %s', (declared, charset, text) => {
    const message = Hl7Message.parse(encode(`${header(declared)}\rPID|1||${text}`, charset));
    expect(message.charset).toBe(charset);
    expect(message.charsetFallback).toBe(false);
    expect(message.first('PID')!.text(3)).toBe(text);
  });

  test('bytes that are no UTF-8 are read as Latin, and it is told', () => {
    const message = Hl7Message.parse(encode(`${header()}\rPID|1||é`, 'iso-8859-15'));
    expect([message.charset, message.charsetFallback, message.first('PID')!.text(3)]).toEqual([
      'iso-8859-15',
      true,
      'é',
    ]);
    const silent = encode(`${header('')}\rPID|1||é`, 'iso-8859-15');
    expect(Hl7Message.parse(silent).charsetFallback).toBe(false);
    expect(Hl7Message.parse(silent, 'iso-8859-1').charset).toBe('iso-8859-1');
  });

  test.each([
    ['', 'hl7v2.no-header'],
    ['PID|1', 'hl7v2.no-header'],
    ['MSH', 'hl7v2.delimiters'],
    ['MSH|^~|A', 'hl7v2.delimiters'],
    ['MSH|^^\\&|A', 'hl7v2.delimiters'],
    [header('KLINGON'), 'hl7v2.charset-unknown'],
  ])('%j is refused', (text, code) => {
    expect(codeOf(Buffer.from(text))).toBe(code);
  });

  test('has at most so many segments', () => {
    const { value: most } = hl7v2Limits.segments;
    const lines = 'NTE|1\r'.repeat(most - 1);
    expect(codeOf(Buffer.from(`${header()}\r${lines}`))).toBeNull();
    expect(codeOf(Buffer.from(`${header()}\r${lines}NTE|1`))).toBe('hl7v2.too-many-segments');
  });

  test('places count segments of one name', () => {
    const [, second] = parse(`${header()}\rOBX|1\rPRT|\rOBX|2`).all('OBX');
    expect(second!.place(5, 1)).toEqual({ segment: 'OBX', occurrence: 2, field: 5, component: 1 });
  });
});

describe('the writer', () => {
  test.each(['utf-8', 'iso-8859-15'] as const)('writes what the reader reads, in %s', (charset) => {
    const nasty = 'a|b^c~d\\e&f\ng';
    const bytes = writeMessage(
      [
        segment('MSH', { 3: 'VIADUC', 9: ['ACK', 'R01', 'ACK'] }),
        segment('ERR', {
          2: {
            repeat: [
              ['PV1', '1'],
              ['PID', '1'],
            ],
          },
          8: nasty,
          9: [['x', 'y'], null, 'é€'],
        }),
      ],
      charset,
    );
    const message = Hl7Message.parse(bytes);
    const err = message.first('ERR')!;
    expect(message.charset).toBe(charset);
    expect(err.text(8)).toBe(nasty);
    expect(err.field(2).repetitions.map((one) => one.text(1))).toEqual(['PV1', 'PID']);
    expect([err.text(9, 1, 2), err.text(9, 3)]).toEqual(['y', 'é€']);
    expect(bytes.toString('latin1')).not.toContain('\n');
    expect(bytes.at(-1)).toBe(0x0d);
  });

  test('what a Latin set lacks becomes plain', () => {
    expect(encode('l’INS — ≥', 'iso-8859-15').toString('latin1')).toBe("l'INS - ?");
  });
});

describe('base64', () => {
  const decode = (text: string, cut = false) => decodeBase64(Buffer.from(text), cut);

  test('what may be forgiven is, and told', () => {
    expect(decode('QUI=')).toEqual({ bytes: Buffer.from('AB'), repaired: [] });
    expect(decode('QUI')).toEqual({ bytes: Buffer.from('AB'), repaired: ['padding'] });
    expect(decode('QU\r\nI=')).toEqual({ bytes: Buffer.from('AB'), repaired: ['line-breaks'] });
    expect(decode('QUJDR', true)).toEqual({ bytes: Buffer.from('ABC'), repaired: ['last-character'] });
  });

  test.each(['QUJDR', 'QU*I', 'QU-_', 'QQ=='.repeat(2)])('%s is refused', (text) => {
    expect(() => decode(text)).toThrow(/base64/);
  });
});
