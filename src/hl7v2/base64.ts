import { hl7v2Error } from './errors.ts';

/** What base64 held; `repaired` says what had to be forgiven. */
export interface Decoded {
  bytes: Buffer;
  repaired: ('line-breaks' | 'padding' | 'last-character')[];
}

/**
 * Decodes base64 of the standard alphabet. White space is left out, missing padding is forgiven.
 * @param cutTail forgives a last character that cannot be part of any byte (a text cut short)
 * @throws ViaducError `hl7v2.base64`
 */
export function decodeBase64(data: Buffer, cutTail = false): Decoded {
  return decodeFlawless(data) ?? decodeWithCare(data, cutTail);
}

/**
 * Text of signs and padding alone, which nearly all is. The platform skips every other sign, so that bytes come out short;
 * but for the two that the alphabet of URLs has in the place of ours.
 */
function decodeFlawless(data: Buffer): Decoded | null {
  const padding = data.at(-1) !== PAD ? 0 : data.at(-2) === PAD ? 2 : 1;
  const signs = data.length - padding;
  if (signs % 4 === 1 || (signs + padding) % 4 !== 0 || data.includes('-') || data.includes('_')) return null;
  const bytes = Buffer.from(data.toString('latin1'), 'base64');
  return bytes.length === Math.floor((signs * 3) / 4) ? { bytes, repaired: [] } : null;
}

const PAD = 0x3d;

function decodeWithCare(data: Buffer, cutTail: boolean): Decoded {
  const repaired: Decoded['repaired'] = [];
  let text = data.toString('latin1').trim();
  if (/\s/.test(text)) {
    text = text.replace(/\s+/g, '');
    repaired.push('line-breaks');
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  let signs = text.length - padding;
  const wrong = text.slice(0, signs).search(/[^A-Za-z0-9+/]/);
  if (wrong >= 0) throw broken(`le caractère ${wrong + 1} n’en est pas un`, `character ${wrong + 1} is none`);
  if (signs % 4 === 1) {
    if (!cutTail) throw broken('il est tronqué', 'it is cut short');
    signs -= 1;
    repaired.push('last-character');
  }
  if ((signs + padding) % 4 !== 0 && padding < 2) repaired.push('padding');
  return { bytes: Buffer.from(text.slice(0, signs), 'base64'), repaired };
}

function broken(fr: string, en: string) {
  return hl7v2Error('hl7v2.base64', { why: { fr, en } });
}
