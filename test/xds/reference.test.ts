import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { xdsErrors } from '../../src/xds/errors.ts';
import { KNOWN_SETS } from '../../src/xds/known-sets.ts';
import { ASSOCIATIONS, DOCUMENT_ENTRY, REFERENCE_ID_LIST, SUBMISSION_SET } from '../../src/xds/schemes.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'xds.md'), 'utf8');
const writer = readFileSync(join(root, 'src', 'xds', 'ebxml.ts'), 'utf8');

const absent = (names: readonly string[]) => names.filter((name) => !page.includes(`\`${name}\``));

test('docs/xds.md names every rule of the room, and none that is not', () => {
  const codes = Object.keys(xdsErrors).filter((code) => code !== 'xds.profile-unreadable');
  expect(absent(codes)).toEqual([]);
  const named = page.match(/\b(?:dmp|xds)\.[a-z]+(?:-[a-z0-9]+)+\b/g) ?? [];
  expect(named.filter((code) => !Object.hasOwn(xdsErrors, code))).toEqual([]);
});

test('docs/xds.md names every slot that is written', () => {
  const slots = [...writer.matchAll(/\bslot\('([A-Za-z]+)'/g)].map(([, name]) => name!);
  const ofAssociations = ['SubmissionSetStatus', 'OriginalStatus', 'NewStatus', 'codingScheme'];
  expect(slots.length).toBeGreaterThan(10);
  expect(absent(slots.filter((name) => !ofAssociations.includes(name)))).toEqual([]);
  expect(absent([REFERENCE_ID_LIST, ...Object.keys(ASSOCIATIONS)])).toEqual([]);
});

test('docs/xds.md gives the scheme of every classification and identifier', () => {
  const { stable: _, ...schemes } = DOCUMENT_ENTRY;
  const uuids = [...Object.values(schemes), ...Object.values(SUBMISSION_SET)];
  expect(absent(uuids.map((uuid) => uuid.replace('urn:uuid:', '')))).toEqual([]);
});

test('docs/xds.md lists every set that judges, and every correspondence', () => {
  const judging = KNOWN_SETS.filter(({ role }) => role !== 'sibling');
  const rows = judging.filter(({ name, attribute }) => !page.includes(`| ${name} | \`${attribute}\``));
  expect(rows).toEqual([]);
});
