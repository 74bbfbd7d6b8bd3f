import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalize } from '../../src/xml/canonical.ts';
import { parseXml } from '../../src/xml/parse.ts';

const root = resolve(import.meta.dirname, '..', '..');
const packs = join(resolve(root, process.env.VIADUC_SHARED ?? '../shared'), 'ans');
const missing = [
  spawnSync('xmllint', ['--version']).error ? 'xmllint is not installed' : '',
  existsSync(packs) ? '' : '../shared is absent',
]
  .filter(Boolean)
  .join(', ');

function canonical(bytes: Uint8Array | string): string {
  const pieces: string[] = [];
  canonicalize(parseXml(Buffer.from(bytes)), (piece) => pieces.push(piece));
  return pieces.join('');
}

describe('canonical form', () => {
  test.each([
    ['an empty element has two tags', '<a/>', '<a></a>'],
    ['declaration and white space outside the root go', '<?xml version="1.0"?>\n\n<a/>\n', '<a></a>'],
    [
      'what stands around the root has lines of its own',
      '<?x y?><!--c--><a/><!--d-->',
      '<?x y?>\n<!--c-->\n<a></a>\n<!--d-->',
    ],
    [
      'attributes are sorted by namespace, then name',
      '<a xmlns:z="u:a" xmlns:b="u:z" b:i="1" z:j="2" k="3" c="4"/>',
      '<a xmlns:b="u:z" xmlns:z="u:a" c="4" k="3" z:j="2" b:i="1"></a>',
    ],
    [
      'a declaration that repeats goes, one that takes away stays',
      '<a xmlns="u"><b xmlns="u"><c xmlns=""/></b></a>',
      '<a xmlns="u"><b><c xmlns=""></c></b></a>',
    ],
    ['a section of characters becomes text', '<a><![CDATA[<&>]]></a>', '<a>&lt;&amp;&gt;</a>'],
    [
      'characters are written as the standard says',
      `<a b='"&#9;&#10;&#13;&lt;>'>&quot;&#13;&gt;</a>`,
      '<a b="&quot;&#x9;&#xA;&#xD;&lt;>">"&#xD;&gt;</a>',
    ],
  ])('%s', (_, given, expected) => {
    expect(canonical(given)).toBe(expected);
  });

  test.skipIf(missing)(
    `is that of libxml2 for the agency's examples${missing && ` (skipped: ${missing})`}`,
    () => {
      const files = globSync('*/ExemplesCDA/*.xml', { cwd: packs });
      expect(files.length).toBeGreaterThan(100);
      const differing = files.filter((file) => {
        const path = join(packs, file);
        const { stdout } = spawnSync('xmllint', ['--nonet', '--c14n', path], { maxBuffer: 2 ** 28 });
        return !stdout.equals(Buffer.from(canonical(readFileSync(path))));
      });
      expect(differing).toEqual([]);
    },
  );
});
