import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeArchive } from '../../../src/xds/xdm/archive.ts';
import { openArchive } from '../../../src/xds/xdm/open.ts';
import { unzip } from '../../../src/xds/xdm/unzip.ts';
import { archiveOf, sample } from './archives.ts';

/** Archives as the tools of others pack them: stored, streamed with sizes behind the data, with extra fields. */

const STREAM = `
import os, sys, zipfile
class Pipe:
    def __init__(self, path): self.file = open(path, 'wb')
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with zipfile.ZipFile(Pipe(sys.argv[1]), 'w', zipfile.ZIP_DEFLATED) as z:
    for folder, _, files in os.walk('.'):
        for name in files:
            z.write(os.path.join(folder, name))
`;

const TOOLS: [tool: string, program: string, command: (archive: string) => string[]][] = [
  ['Info-ZIP', 'zip', (archive) => ['-qr', archive, '.']],
  ['Info-ZIP without packing', 'zip', (archive) => ['-qr0', archive, '.']],
  ['Info-ZIP without folders and extra fields', 'zip', (archive) => ['-qrDX', archive, '.']],
  ['jar of the JDK', 'jar', (archive) => ['cMf', archive, '.']],
  ["Python's zipfile, streaming", 'python3', (archive) => ['-c', STREAM, archive]],
];

const letter = sample('discharge-letter.xml');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-xdm-'));
  for (const { name, bytes } of await unzip((await writeArchive(archiveOf([letter]))).bytes)) {
    mkdirSync(dirname(join(folder, 'content', name)), { recursive: true });
    writeFileSync(join(folder, 'content', name), bytes);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(TOOLS)('an archive packed by %s opens', async (tool, program, command) => {
  const archive = join(folder, `${tool}.zip`);
  const { error, status, stderr } = spawnSync(program, command(archive), { cwd: join(folder, 'content') });
  if (error) {
    expect(process.env.CI, `${program} is missing`).toBeUndefined();
    return console.log(`skipped: archives of ${tool} (no ${program})`);
  }
  expect([status, stderr.toString()]).toEqual([0, '']);
  const { subsets, findings } = await openArchive(readFileSync(archive));
  expect([findings, subsets[0]!.documents[0]!.findings]).toEqual([[], []]);
  expect(subsets[0]!.documents[0]!.bytes!.equals(letter.bytes)).toBe(true);
});
