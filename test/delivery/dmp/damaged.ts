import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What may happen to a file in PEM on its way to its place. */
export const DAMAGES: readonly (readonly [string, (whole: string) => string])[] = [
  ['without one of its lines', (whole) => whole.split('\n').toSpliced(5, 1).join('\n')],
  ['cut short', (whole) => whole.slice(0, whole.length / 3)],
  ['without anything in it', () => ''],
];

/** A file whose second certificate alone is damaged. */
export function secondDamaged(whole: string): string {
  const at = whole.indexOf('-----BEGIN', 10);
  return whole.slice(0, at) + DAMAGES[0]![1](whole.slice(at));
}

/** A key on the curve P-256, PEM. */
export function curveKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export const textOf = (file: string) => readFileSync(file, 'utf8');
