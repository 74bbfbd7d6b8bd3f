// `npm run pictures -- FOLDER`: the official examples as a reader sees them, one for each type of document unless --all:
// each page of the PDF as a PNG, for looking at.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Copies } from '../../../src/cda/render/copies.ts';
import { absent, EXAMPLES, type Example, readExample } from '../examples.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false }, dpi: { type: 'string', default: '80' } },
});
const [folder] = positionals;
if (!folder) throw new Error('usage: npm run pictures -- FOLDER [--all] [--dpi 80]');
if (absent) throw new Error(absent);

const RUN_MS = 60_000;

function chosen(): Example[] {
  if (values.all) return EXAMPLES;
  return [...Map.groupBy(EXAMPLES, ({ typeCode }) => typeCode).values()].map(([first]) => first!);
}

mkdirSync(folder, { recursive: true });
const copies = new Copies();
for (const { file, typeCode } of chosen()) {
  const { bytes, from } = await copies.pdf(readExample(file));
  const name = join(folder, `${typeCode}-${file.replace(/\.xml$/, '')}`);
  writeFileSync(`${name}.pdf`, bytes);
  execFileSync('pdftoppm', ['-r', values.dpi, '-png', `${name}.pdf`, name], { timeout: RUN_MS });
  console.log(`${typeCode}  ${from.padEnd(8)}  ${file}`);
}
await copies.close();
