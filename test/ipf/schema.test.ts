import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metadataXml, writeArchive } from '../../src/xds/xdm/archive.ts';
import { absent, EXAMPLES, readExample } from '../cda/examples.ts';
import { archiveOf, given, sample } from '../xds/xdm/archives.ts';
import { ipfArchive, withoutIpf } from './judge.ts';

/** METADATA.XML against the schemas of ebXML RegRep 3.0, in the edition that IPF brings. */

const missing = ['xmllint', 'unzip'].find((program) => spawnSync(program, ['--version']).error);
const why = withoutIpf ?? (missing ? `no ${missing} on this machine` : null);
if (why) console.log(`skipped: METADATA.XML against its schemas (${why})`);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-ebrs-'));
  if (!why) spawnSync('unzip', ['-q', ipfArchive('ipf-commons-ihe-xds'), 'wsdl/schema/*', '-d', folder]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What xmllint says of each text that it does not find valid. */
function complaints(texts: Record<string, string>): string {
  const files = Object.entries(texts).map(([name, text]) => {
    const file = join(folder, `${name}.xml`);
    writeFileSync(file, text);
    return file;
  });
  const schema = join(folder, 'wsdl', 'schema', 'ebRS30', 'lcm.xsd');
  const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files]);
  return stderr.toString().replace(/^.* validates\n/gm, '');
}

describe.skipIf(why)('METADATA.XML', () => {
  test('of a replacement with recipients is valid, without the name of a slot it is not', async () => {
    const documents = ['discharge-letter-v2.xml', 'discharge-prescription.xml'].map(sample);
    const recipients = ['medecin@cabinet.mssante.fr'];
    const { lot } = await writeArchive(archiveOf(documents, 'replace', { recipients }));
    const text = metadataXml(lot).toString();
    expect(complaints({ whole: text })).toBe('');
    expect(complaints({ spoilt: text.replace('<rim:Slot name="hash">', '<rim:Slot>') })).toContain(
      "The attribute 'name' is required but missing",
    );
  });

  test.skipIf(absent)(`of every official example is valid${absent}`, async () => {
    const texts: Record<string, string> = {};
    for (const [index, { file }] of EXAMPLES.entries()) {
      const { lot } = await writeArchive(archiveOf([given(readExample(file))]));
      texts[index] = metadataXml(lot).toString();
    }
    expect(complaints(texts)).toBe('');
  });
});
