import forge from 'node-forge';

const UTF8_STRING = 12;

/** Keys that the DMP's messages use: `ST` and `GN`, where other products write `S` and `G` (sheet dmp-xds, 4.1). */
const KEYS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GN',
};

/** A distinguished name in the string form of RFC 2253: last part first, commas without spaces. */
export function distinguishedName(attributes: readonly forge.pki.CertificateField[]): string {
  return attributes
    .map((attribute) => `${KEYS[attribute.type!] ?? attribute.type}=${escaped(textOf(attribute))}`)
    .toReversed()
    .join(',');
}

/** Values of an attribute type, in the order of the name. */
export function valuesOf(attributes: readonly forge.pki.CertificateField[], key: string): string[] {
  return attributes.filter(({ type }) => KEYS[type!] === key).map(textOf);
}

function textOf({ value, valueTagClass }: forge.pki.CertificateField): string {
  const text = String(value);
  return Number(valueTagClass) === UTF8_STRING ? forge.util.decodeUtf8(text) : text;
}

/** RFC 2253, 2.4. */
function escaped(value: string): string {
  return value
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}
