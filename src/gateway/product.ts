import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', 'package.json');

/** Name and version of this build. */
export const product = {
  name: 'Viaduc',
  version: (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version,
};

/** The folder of the clone: profiles/ and samples/ stand in it. */
export const root = join(import.meta.dirname, '..', '..');
