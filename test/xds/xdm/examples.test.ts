import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Archive, writeArchive } from '../../../src/xds/xdm/archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/xds/xdm/open.ts';
import { absent, EXAMPLES, readExample } from '../../cda/examples.ts';
import { archiveOf, given } from './archives.ts';

const DOCUMENT = 'IHE_XDM/SUBSET01/DOC00001.XML';

/** Names and SHA-1 of the files of each archive of a folder, as Python's zipfile reads them, CRC checked. */
const PYTHON = `
import glob, hashlib, json, sys, zipfile
def read(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        return {i.filename: hashlib.sha1(z.read(i)).hexdigest() for i in z.infolist() if not i.is_dir()}
print(json.dumps({p: read(p) for p in sys.argv[1:]}))
`;

const without = (program: string) =>
  spawnSync(program, ['--help']).error ? ` [skipped: no ${program}]` : '';
const noUnzip = without('unzip');
const noPython = without('python3');
for (const why of [noUnzip, noPython]) if (why) console.log(why.trim());

describe.skipIf(absent)(`every official example in an archive of its own${absent}`, () => {
  let folder: string;
  const archives = new Map<string, Archive>();
  const opened = new Map<string, OpenedArchive>();
  const pathOf = (file: string) => join(folder, `${EXAMPLES.findIndex((one) => one.file === file)}.zip`);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-xdm-'));
    for (const { file } of EXAMPLES) {
      const archive = await writeArchive(archiveOf([given(readExample(file))]));
      archives.set(file, archive);
      opened.set(file, await openArchive(archive.bytes));
      writeFileSync(pathOf(file), archive.bytes);
    }
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(EXAMPLES)(
    '$file is read back as it was, and nothing is found against it',
    ({ file, ...example }) => {
      const { subsets, findings } = opened.get(file)!;
      const [subset] = subsets;
      const [document] = subset!.documents;
      expect([findings, document!.findings]).toEqual([[], []]);
      expect(document!.bytes!.equals(readExample(file))).toBe(true);
      const { lot } = archives.get(file)!;
      expect({ ...subset!.lot, entries: subset!.lot.entries.map(({ entry }) => entry) }).toEqual(lot);
      expect([document!.entry.uniqueId, document!.entry.typeCode!.code]).toEqual([
        example.uniqueId,
        example.typeCode,
      ]);
    },
  );

  test.skipIf(noUnzip)(`unzip -t finds no error in any${noUnzip}`, () => {
    for (const { file } of EXAMPLES) {
      const { status, stdout } = spawnSync('unzip', ['-t', pathOf(file)], { encoding: 'utf8' });
      expect([file, status, stdout.includes(`testing: ${DOCUMENT}`)]).toEqual([file, 0, true]);
    }
  });

  test.skipIf(noPython)(`Python's zipfile reads the same bytes of all${noPython}`, () => {
    const paths = EXAMPLES.map(({ file }) => pathOf(file));
    const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON, ...paths], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const read = JSON.parse(stdout) as Record<string, Record<string, string>>;
    for (const { file } of EXAMPLES) {
      const files = read[pathOf(file)]!;
      expect(Object.keys(files)).toEqual([
        ...['INDEX.HTM', 'README.TXT', 'IHE_XDM/SUBSET01/METADATA.XML', DOCUMENT],
      ]);
      expect(files[DOCUMENT]).toBe(createHash('sha1').update(readExample(file)).digest('hex'));
    }
  });
});
