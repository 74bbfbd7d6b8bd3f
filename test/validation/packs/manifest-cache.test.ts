import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../../src/validation/packs/installed.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema, schematron } from '../packs-made.ts';

const pack = () =>
  folderOf({ [MAIN]: schema(CLINICAL_DOCUMENT), 'schematrons/profils/all.sch': schematron([]) });

/** The one manifest that a cache holds. */
function keptIn(cache: string): string {
  const folder = join(cache, 'manifests');
  const [name] = readdirSync(folder);
  return join(folder, name!);
}

test.each([
  ['is cut off', '{"id":'],
  ['is another thing', '{}'],
  ['lacks members', '{"problems":[]}'],
])('a manifest in the cache that %s is made again', (_what, text) => {
  const folder = pack();
  const cache = folderOf({});
  const made = readManifest(folder, cache);
  writeFileSync(keptIn(cache), text);
  expect(readManifest(folder, cache)).toEqual(made);
  expect(JSON.parse(readFileSync(keptIn(cache), 'utf8').split('\n').at(-1)!)).toEqual(made);
});

test('a cache that cannot be written costs time and nothing else', () => {
  const cache = folderOf({ manifests: 'a file where the folder would be' });
  mkdirSync(join(cache, 'rules'));
  expect(readManifest(pack(), cache).choices.profiles).toEqual(['schematrons/profils/all.sch']);
});
