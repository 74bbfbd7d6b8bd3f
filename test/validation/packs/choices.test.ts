import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bodiesOf, levelOf } from '../../../src/cda/body.ts';
import { findClinicalDocument } from '../../../src/cda/find.ts';
import { chooseRules } from '../../../src/validation/packs/choose.ts';
import { type RulesHeader, rulesHeader } from '../../../src/validation/packs/header.ts';
import { readManifest } from '../../../src/validation/packs/installed.ts';
import { inventoryOf } from '../../../src/validation/packs/inventory.ts';
import { modelName, newestFirst } from '../../../src/validation/packs/names.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { missing, olderPackFolder, packFolder, shared } from '../../conformance/cases.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema, schematron } from '../packs-made.ts';

const template = (root: string) => `cda:templateId[@root='${root}']`;
const code = (value: string) => `./cda:code[@code='${value}' and @codeSystem='2.16.840.1.113883.6.1']`;

const pack = (files: Record<string, string>) =>
  readManifest(folderOf({ [MAIN]: schema(CLINICAL_DOCUMENT), ...files }), null);

const header = (about: Partial<RulesHeader>): RulesHeader => ({
  ...{ templates: [], code: null, level: 3, named: [] },
  ...about,
});

const carrying = (root: string, extension: string | null = null) => ({ templates: [{ root, extension }] });

const made = () =>
  pack({
    'schematrons/profils/all.sch': schematron([]),
    'schematrons/CI-SIS_LETTER_2023.01.sch': schematron([template('1.1'), code('L')]),
    'schematrons/CI-SIS_LETTER_2024.01.sch': schematron([template('1.1'), code('L')]),
    'schematrons/CI-SIS_REPORT_2.0_2022.01.sch': schematron([template('1.2'), template('1.9'), code('R')]),
    'schematrons/CI-SIS_OTHER_2022.01.sch': schematron([template('1.9'), code('O')]),
  });

/** Model and edition of every alternative. */
const chosen = (about: Partial<RulesHeader>, allowed = {}) =>
  chooseRules([made()], header(about), allowed).alternatives.map(({ model }) =>
    model ? `${model.model} ${model.edition}` : 'profiles only',
  );

describe('names', () => {
  test.each([
    ['schematrons/CI-SIS_BIO-CR-BIO_2024.01.sch', 'BIO-CR-BIO', '2024.01'],
    ['CI-SIS_VSM_1.4_2022.01.sch', 'VSM', '2022.01'],
    ['CI-SIS_F-PRC_1.4.sch', 'F-PRC', '1.4'],
    ['header.sch', 'header', ''],
  ])('%s', (path, model, edition) => expect(modelName(path)).toEqual({ model, edition }));

  test('editions go from the newest to the oldest', () => {
    const sorted = ['1.4', '2024.01', '', '2022.02', '2022.01'].toSorted(newestFirst);
    expect(sorted).toEqual(['2024.01', '2022.02', '2022.01', '1.4', '']);
  });
});

describe('the choice of rules', () => {
  test('goes by a templateId that is one model’s alone, newest edition first', () => {
    expect(chosen(carrying('1.1'))).toEqual(['LETTER 2024.01', 'LETTER 2023.01']);
    expect(chosen(carrying('1.2'))).toEqual(['REPORT 2022.01']);
    expect(chosen(carrying('1.9'))).toEqual(['profiles only']);
  });

  test('takes the edition that the document says', () => {
    expect(chosen(carrying('1.1', '2023.01'))).toEqual(['LETTER 2023.01']);
    expect(chosen({ ...carrying('1.1'), named: ['CI-SIS_LETTER_2023.01'] })).toEqual(['LETTER 2023.01']);
  });

  test('says when that edition is unknown, and tries those that are there', () => {
    const choice = chooseRules([made()], header(carrying('1.1', '2030.01')));
    expect(choice.alternatives).toHaveLength(2);
    expect(choice.unknownEdition).toEqual({ model: 'LETTER', edition: '2030.01' });
  });

  test('goes by the code where no templateId tells, one model has it, and the document is no file', () => {
    expect(chosen({ code: 'O' })).toEqual(['OTHER 2022.01']);
    expect(chosen({ code: 'L' })).toEqual(['LETTER 2024.01', 'LETTER 2023.01']);
    expect(chosen({ code: 'O', level: 1 })).toEqual(['profiles only']);
    const shared = pack({
      'schematrons/CI-SIS_A_2022.01.sch': schematron([template('1.1'), code('S')]),
      'schematrons/CI-SIS_B_2022.01.sch': schematron([template('1.2'), code('S')]),
    });
    expect(chooseRules([shared], header({ code: 'S' })).alternatives[0]!.model).toBeNull();
  });

  test('follows the templateId when the code is nobody’s, and nobody when it is another’s', () => {
    expect(chosen({ ...carrying('1.2'), code: 'X' })).toEqual(['REPORT 2022.01']);
    const choice = chooseRules([made()], header({ ...carrying('1.2'), code: 'L' }));
    expect(choice.alternatives[0]!.model).toBeNull();
    expect(choice.alternatives[0]!.contradiction).toEqual({ model: 'REPORT', code: 'L' });
  });

  test('keeps a pack in which the header contradicts itself when an older one has a model for it, after that one', () => {
    const older = pack({ 'schematrons/CI-SIS_REPORT_2020.01.sch': schematron([template('1.2')]) });
    const about = header({ ...carrying('1.2'), code: 'L' });
    const given = (allowed = {}) =>
      chooseRules([older, made()], about, allowed).alternatives.map(({ model, contradiction }) => [
        model?.edition ?? null,
        contradiction?.model ?? null,
      ]);
    expect(given()).toEqual([
      ['2020.01', null],
      [null, 'REPORT'],
    ]);
    expect(given({ editions: ['2020.01'] })).toEqual([['2020.01', null]]);
  });

  test('adds a Schematron that the document names, and never takes a profile away', () => {
    const [alternative] = chooseRules([made()], header({ named: ['CI-SIS_OTHER_2022.01'] })).alternatives;
    expect(alternative!.schematrons).toEqual([
      'schematrons/profils/all.sch',
      'schematrons/CI-SIS_OTHER_2022.01.sch',
    ]);
  });

  test('keeps to the editions allowed, and says when none is', () => {
    expect(chosen(carrying('1.1'), { editions: ['2023.01'] })).toEqual(['LETTER 2023.01']);
    const choice = chooseRules([made()], header(carrying('1.1', '2024.01')), { editions: ['2019.01'] });
    expect(choice).toMatchObject({ disallowed: true });
    expect(choice.alternatives.map(({ model }) => model?.edition)).toEqual(['2024.01']);
  });

  test('takes the newest pack that holds the edition', () => {
    const older = pack({ 'schematrons/CI-SIS_LETTER_2021.01.sch': schematron([template('1.1'), code('L')]) });
    const newer = made();
    const editions = (extension: string | null) =>
      chooseRules([older, newer], header(carrying('1.1', extension))).alternatives.map(
        ({ pack: { id }, model }) => `${id === newer.id ? 'newer' : 'older'} ${model?.edition}`,
      );
    expect(editions('2021.01')).toEqual(['older 2021.01']);
    expect(editions(null)).toEqual(['newer 2024.01', 'newer 2023.01', 'older 2021.01']);
  });
});

describe('a model that says nothing of its header', () => {
  const document = (root: string, extension: string) =>
    `<?oxygen SCHSchema="../schematrons/CI-SIS_QUIET_2023.01.sch"?><ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="${root}" extension="${extension}"/></ClinicalDocument>`;

  test('is known by the examples of the pack, which are no part of its hash', () => {
    const files = { 'schematrons/CI-SIS_QUIET_2023.01.sch': schematron([]) };
    const taught = pack({ ...files, 'ExemplesCDA/a.xml': document('1.5', '201310') });
    expect(taught.choices.models).toMatchObject([
      { templates: [], exampleTemplates: ['1.5'], extensions: ['2023.01', '201310'] },
    ]);
    expect(pack({ ...files, 'ExemplesCDA/b.xml': document('1.5', '201310') }).sha256).toBe(taught.sha256);
    expect(pack({ ...files, 'ExemplesCDA/a.xml': document('1.6', '201310') }).sha256).not.toBe(taught.sha256);
  });

  test('takes what another edition of it says', () => {
    const files = {
      'schematrons/CI-SIS_QUIET_2023.01.sch': schematron([]),
      'schematrons/CI-SIS_QUIET_2024.01.sch': schematron([template('1.7'), code('Q')]),
    };
    expect(pack(files).choices.models.map(({ templates }) => templates)).toEqual([['1.7'], ['1.7']]);
  });
});

describe.skipIf(missing)(`the official packs${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const examples = (folder: string) =>
    inventoryOf(folder).files.filter(({ path }) => path.startsWith('ExemplesCDA/'));

  const read = (folder: string, path: string): RulesHeader => {
    const document = parseXml(readFileSync(join(folder, path)));
    const clinicalDocument = findClinicalDocument(document)!;
    return rulesHeader(document, clinicalDocument, levelOf(bodiesOf(clinicalDocument)[0] ?? null));
  };

  /** Two examples name their model in their file's name only: one file each, the model's templateId left out. */
  const BY_FILE_NAME = ['BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml', 'IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml'];

  test('give each example of pack 3.0 the Schematrons that the reference verdicts were made with', () => {
    const manifest = readManifest(packFolder, null);
    const table = readFileSync(join(shared, 'conformance', 'schematrons-by-example.tsv'), 'utf8').trim();
    const differing = table.split('\n').filter((line) => {
      const [path, list] = line.split('\t') as [string, string];
      const { alternatives } = chooseRules([manifest], read(packFolder, path));
      const sets = alternatives.map(({ schematrons }) => schematrons.toSorted().join());
      return !sets.includes(list.split(',').toSorted().join());
    });
    expect(differing.map((line) => basename(line.split('\t')[0]!))).toEqual(BY_FILE_NAME);
  });

  test('give each example of pack 2.41 every Schematron that it names itself', () => {
    const manifest = readManifest(olderPackFolder, null);
    for (const { path } of examples(olderPackFolder)) {
      const { named, ...rest } = read(olderPackFolder, path);
      const { alternatives } = chooseRules([manifest], { ...rest, named: [] });
      const given = alternatives.flatMap(({ schematrons }) =>
        schematrons.map((one) => basename(one, '.sch')),
      );
      expect(given, path).toEqual(expect.arrayContaining(named));
    }
  });

  test('leave the edition of a biology report open when neither header nor instruction says it', () => {
    const about = read(packFolder, 'ExemplesCDA/BIO-CR-BIO_2024.01_TSH_1.xml');
    const { alternatives } = chooseRules([readManifest(packFolder, null)], { ...about, named: [] });
    expect(alternatives.map(({ model }) => model?.edition)).toEqual(['2024.01', '2023.01', '2021.01']);
  });
});
