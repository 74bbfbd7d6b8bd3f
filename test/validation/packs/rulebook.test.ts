import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bodiesOf, levelOf } from '../../../src/cda/body.ts';
import { findClinicalDocument } from '../../../src/cda/find.ts';
import { rulesHeader } from '../../../src/validation/packs/header.ts';
import { readManifest } from '../../../src/validation/packs/installed.ts';
import { type ActivePack, type Asked, Rulebook } from '../../../src/validation/packs/rulebook.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { missing, olderPackFolder, packFolder } from '../../conformance/cases.ts';
import { folderOf, schematron } from '../packs-made.ts';

const LETTER = "cda:templateId[@root='1.1']";
const asked = (about: Partial<Asked> = {}): Asked => ({
  header: { templates: [{ root: '1.1', extension: null }], code: null, level: 3, named: [] },
  nowMs: 1_000,
  ...about,
});
const DOCUMENT = parseXml(
  Buffer.from('<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="1.1"/></ClinicalDocument>'),
);

const packOf = (files: Record<string, string>) =>
  folderOf({ 'viaduc-pack.yaml': 'schema: none\n', ...files });
const always = (folder: string): ActivePack => ({ folder, from: null, until: null });
const open = (packs: ActivePack[], cache: string | null = null) =>
  Rulebook.open({ packs, cache, problems: 'report' });

const failing = (edition: string) => ({
  [`schematrons/CI-SIS_LETTER_${edition}.sch`]: schematron([LETTER, `cda:title = '${edition}'`]),
});
const passing = (edition: string) => ({
  [`schematrons/CI-SIS_LETTER_${edition}.sch`]: schematron([LETTER]),
});

describe('editions tried', () => {
  test('end with those of the newest when none is satisfied', async () => {
    const book = await open([always(packOf({ ...failing('2023.01'), ...failing('2024.01') }))]);
    const { findings, profile } = await book.judge(DOCUMENT, asked());
    expect(profile).toMatchObject({ edition: '2024.01', satisfied: false });
    expect(profile!.tried.map(({ edition, errors }) => [edition, errors])).toEqual([
      ['2024.01', 1],
      ['2023.01', 1],
    ]);
    expect(findings.map(({ schema }) => schema)).toEqual(['CI-SIS_LETTER_2024.01']);
  });

  test('leave out one that lacks half of what it includes: it would be satisfied by anything', async () => {
    const hollow = schematron([], '\n<include href="gone.sch"/><include href="gone-too.sch"/>');
    const files = {
      'schematrons/CI-SIS_LETTER_2025.01.sch': hollow,
      ...failing('2024.01'),
      ...passing('2021.01'),
    };
    const { profile } = await (await open([always(packOf(files))])).judge(DOCUMENT, asked());
    expect(profile!.edition).toBe('2021.01');
    expect(profile!.tried.map(({ edition }) => edition)).toEqual(['2024.01', '2021.01']);
    const said = asked({ header: { ...asked().header, templates: [{ root: '1.1', extension: '2025.01' }] } });
    const judged = await (await open([always(packOf(files))])).judge(DOCUMENT, said);
    expect(judged.profile!.edition).toBe('2025.01');
    expect(judged.notEvaluated.filter(({ reason }) => reason.includes('gone'))).toHaveLength(2);
  });
});

describe('several packs', () => {
  test('judge from their date until their date', async () => {
    const older = packOf(passing('2021.01'));
    const newer = packOf(passing('2024.01'));
    const book = await open([
      { folder: older, from: null, until: 3_000 },
      { folder: newer, from: 2_000, until: null },
    ]);
    const editionAt = async (nowMs: number) =>
      (await book.judge(DOCUMENT, asked({ nowMs }))).profile!.edition;
    expect(await editionAt(1_999)).toBe('2021.01');
    expect(await editionAt(2_000)).toBe('2024.01');
    expect(await editionAt(3_000)).toBe('2024.01');
    const closed = await open([{ folder: older, from: 2_000, until: 3_000 }]);
    expect(await closed.judge(DOCUMENT, asked({ nowMs: 3_000 }))).toMatchObject({
      profile: null,
      notEvaluated: [{ rule: 'xsd' }, { rule: 'schematron' }],
    });
  });

  test('are tried one after the other, each with its own profiles', async () => {
    const newer = packOf({ ...failing('2024.01'), 'schematrons/profils/new.sch': schematron([]) });
    const older = packOf({ ...passing('2021.01'), 'schematrons/profils/old.sch': schematron([]) });
    const { profile } = await (await open([always(older), always(newer)])).judge(DOCUMENT, asked());
    expect(profile!.schematrons).toEqual([
      'schematrons/profils/old.sch',
      'schematrons/CI-SIS_LETTER_2021.01.sch',
    ]);
  });
});

describe('the manifest of a pack', () => {
  test('is kept in the cache until a file changes', () => {
    const cache = folderOf({});
    const folder = packOf(passing('2024.01'));
    const first = readManifest(folder, cache);
    expect(readManifest(folder, cache)).toEqual(first);
    expect(readdirSync(join(cache, 'manifests'))).toHaveLength(1);
    writeFileSync(join(folder, 'schematrons', 'values.xml'), '<values/>');
    expect(readManifest(folder, cache).sha256).not.toBe(first.sha256);
    expect(readdirSync(join(cache, 'manifests'))).toHaveLength(2);
  });

  test('is made all the same when the cache is damaged or cannot be written', () => {
    const cache = folderOf({});
    const folder = packOf(passing('2024.01'));
    const { sha256 } = readManifest(folder, cache);
    const [file] = readdirSync(join(cache, 'manifests'));
    writeFileSync(join(cache, 'manifests', file!), '{"id":');
    expect(readManifest(folder, cache).sha256).toBe(sha256);
    const closed = folderOf({ manifests: 'a file where the folder should be' });
    chmodSync(closed, 0o500);
    expect(readManifest(folder, closed).sha256).toBe(sha256);
  });

  test('tells a value set that is cut off, and verdicts name the rule that reads it', async () => {
    const reading = schematron([LETTER, "doc('../values/A.xml')//code"]);
    const folder = packOf({
      'schematrons/CI-SIS_LETTER_2024.01.sch': reading,
      'values/A.xml': '<valueSet><code/>',
    });
    const { notEvaluated } = await (await open([always(folder)])).judge(DOCUMENT, asked());
    expect(notEvaluated.map(({ rule }) => rule)).toContainEqual(
      expect.stringContaining('CI-SIS_LETTER_2024.01'),
    );
    expect(readManifest(folder, null).problems).toMatchObject([
      { code: 'validation.values-unreadable', values: { file: 'values/A.xml', line: 1 } },
    ]);
  });
});

describe.skipIf(missing)(`the official packs together${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const read = (folder: string, name: string) => {
    const document = parseXml(readFileSync(join(folder, 'ExemplesCDA', name)));
    const clinicalDocument = findClinicalDocument(document)!;
    const level = levelOf(bodiesOf(clinicalDocument)[0] ?? null);
    return { document, header: rulesHeader(document, clinicalDocument, level) };
  };

  const asIs = (book: Rulebook, folder: string, name: string) => {
    const { document, header } = read(folder, name);
    return book.judge(document, { header, fileName: name, nowMs: 1_000 });
  };

  /** What the packs make of an example whose editor's instructions are taken away. */
  const judged = (book: Rulebook, folder: string, name: string) => {
    const { document, header } = read(folder, name);
    return book.judge(document, { header: { ...header, named: [] }, nowMs: 1_000 });
  };

  test('judge every example of each as its own pack alone does', { timeout: 120_000 }, async () => {
    const both = await open([always(olderPackFolder), always(packFolder)]);
    for (const folder of [olderPackFolder, packFolder]) {
      const alone = await open([always(folder)]);
      for (const name of readdirSync(join(folder, 'ExemplesCDA')).filter((one) => one.endsWith('.xml'))) {
        const [own, found] = [await asIs(alone, folder, name), await asIs(both, folder, name)];
        expect(found.profile, name).toMatchObject({
          pack: basename(folder),
          satisfied: own.profile!.satisfied,
        });
        expect(found.findings, name).toEqual(own.findings);
      }
    }
  });

  test('find the edition that a biology report does not say', { timeout: 60_000 }, async () => {
    const book = await open([always(olderPackFolder), always(packFolder)]);
    const found = async (folder: string, name: string) => {
      const { profile } = await judged(book, folder, name);
      return `${profile!.pack} ${profile!.model} ${profile!.edition} ${profile!.satisfied}`;
    };
    expect(await found(packFolder, 'BIO-CR-BIO_2021.01_Microbiologie_V1.xml')).toBe(
      'TestContenuCDA-3-0 BIO-CR-BIO 2021.01 true',
    );
    expect(await found(packFolder, 'BIO-CR-BIO_2024.01_TSH_1.xml')).toBe(
      'TestContenuCDA-3-0 BIO-CR-BIO 2024.01 true',
    );
    expect(await found(olderPackFolder, 'ANEST-CR-CPA_2021.01.xml')).toBe(
      'TestContenuCDA-2-41 ANEST-CR-CPA 2021.01 true',
    );
    expect(await found(olderPackFolder, 'VSM_1.4.xml')).toBe('TestContenuCDA-2-41 VSM 1.4 true');
  });
});
