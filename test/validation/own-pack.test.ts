import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseRules } from '../../src/validation/packs/choose.ts';
import { clinicalDocumentIn, rulesHeader } from '../../src/validation/packs/header.ts';
import { openInstalledPack } from '../../src/validation/packs/installed.ts';
import { RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import type { Finding } from '../../src/words/findings.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { attribute, child, descendants } from '../../src/xml/select.ts';
import type { XmlElement } from '../../src/xml/tree.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'profiles', 'packs', 'viaduc');
const pack = openInstalledPack(folder, null);
const paths = [...pack.choices.profiles, ...pack.choices.models.map(({ path }) => path)];

const sets = RuleSets.open({ folder: pack.folder, pack: pack.id, cache: null }, paths);
const unevaluated = sets.sets.flatMap(({ notEvaluated }) => notEvaluated);
if (unevaluated.length > 0) console.log(`own pack not judged with: ${unevaluated[0]!.reason}`);

/** What a person would do wrong, the rule that says so, and words of its message. */
const WRONG: [what: string, document: string, change: [RegExp, string], rule: string, said: string][] = [
  [
    'a document without a version',
    'discharge-letter',
    [/<versionNumber [^>]*>/, ''],
    'viaduc-entete-013',
    'versionNumber',
  ],
  [
    'a language in capitals',
    'operative-report',
    [/languageCode code="fr-FR"/, 'languageCode code="FR"'],
    'viaduc-entete-035',
    '« FR »',
  ],
  [
    'a date that is none',
    'biology-level3',
    [/<effectiveTime value="[0-9]+/, '<effectiveTime value="20261345'],
    'viaduc-forme-031',
    '20261345',
  ],
  [
    'a result without its parent model',
    'biology-level3',
    [/<templateId root="1.3.6.1.4.1.19376.1.3.1.6"\s*\/>/, ''],
    'viaduc-entree-02',
    '1.3.6.1.4.1.19376.1.3.1.6 (0)',
  ],
  [
    'an unknown interpretation',
    'biology-level3',
    [/<interpretationCode code="[A-Z]+"/, '<interpretationCode code="ZZ"'],
    'viaduc-bio-028',
    '« ZZ »',
  ],
  [
    'a letter without its reason',
    'discharge-letter',
    [/root="1.3.6.1.4.1.19376.1.5.3.1.3.1"/, 'root="1.3.6.1.4.1.19376.1.5.3.1.3.999"'],
    'viaduc-ldl-ses-006',
    'FR-Raison-de-la-recommandation',
  ],
  [
    'a prescription line that may be replaced or not',
    'discharge-prescription',
    [/<code code="G"/, '<code code="Q"'],
    'viaduc-entree-03',
    '« Q »',
  ],
  [
    'an imaging report without accession number',
    'imaging-report',
    [/<ps3-20:accessionNumber[^>]*>/, ''],
    'viaduc-img-010',
    'accession',
  ],
  [
    'an operation without operator',
    'operative-report',
    [/<performer typeCode="PRF">[\s\S]*?<\/performer>/, ''],
    'viaduc-cro-002',
    'opérateur',
  ],
  [
    'a name and the reason why there is none',
    'operative-report',
    [/<family/, '<family nullFlavor="UNK"'],
    'viaduc-forme-047',
    '« UNK »',
  ],
  [
    'an identifier said to be something else',
    'operative-report',
    [/<legalAuthenticator>([\s\S]*?)<id /, '<legalAuthenticator>$1<id xsi:type="ST" '],
    'viaduc-forme-048',
    '« ST »',
  ],
  [
    'a telecom of another type',
    'operative-report',
    [/<telecom /, '<telecom xsi:type="CE" '],
    'viaduc-forme-049',
    '« CE »',
  ],
  [
    'a telecom that is not applicable',
    'operative-report',
    [/<telecom [^>]*>/, '<telecom nullFlavor="NA"/>'],
    'viaduc-forme-055',
    '« NA »',
  ],
  [
    'a model declared twice',
    'operative-report',
    [/(<templateId [^>]*\/>)/, '$1$1'],
    'viaduc-forme-057',
    'déclaré deux fois',
  ],
  [
    'an address that mixes text and parts',
    'operative-report',
    [/<addr([^>]*)>/, '<addr$1>près de la gare'],
    'viaduc-forme-059',
    'jamais les deux',
  ],
  [
    'a period that begins at no time',
    'operative-report',
    [/<low [^>]*>/, '<low/>'],
    'viaduc-forme-056',
    'la borne est vide',
  ],
];

function elements(path: string): XmlElement[] {
  return [...descendants(parseXml(readFileSync(join(folder, path))))];
}

/** Every Schematron file of the pack, parts of others included. */
function schematrons(): string[] {
  const files = readdirSync(join(folder, 'schematrons'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.sch')).map((file) => `schematrons/${file}`);
}

function rulesFor(xml: string): string[] {
  const document = parseXml(Buffer.from(xml));
  const clinicalDocument = clinicalDocumentIn(document)!;
  const level = child(child(clinicalDocument, 'component'), 'nonXMLBody') ? 1 : 3;
  return chooseRules([pack], rulesHeader(document, clinicalDocument, level)).alternatives[0]!.schematrons;
}

function judge(xml: string): Finding[] {
  return sets.judge(parseXml(Buffer.from(xml)), rulesFor(xml)).findings;
}

function sample(name: string): string {
  return readFileSync(join(root, 'samples', 'documents', `${name}.xml`), 'utf8');
}

describe("the project's own pack", () => {
  it('is whole', () => {
    expect(pack.problems).toEqual([]);
    expect(pack.incomplete).toEqual([]);
    expect(pack.xsd).toBeNull();
  });

  it('names every assertion once, by a stable code', () => {
    const ids = schematrons().flatMap((path) =>
      elements(path)
        .filter(({ name }) => name.local === 'assert' || name.local === 'report')
        .map((one) => attribute(one, 'id') ?? `${path}: none`),
    );
    expect(ids.filter((id) => !/^viaduc(-[a-z]+)+-\d{2,3}$/.test(id))).toEqual([]);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('names every pattern once', () => {
    const ids = paths.flatMap((path) =>
      elements(path)
        .filter(({ name }) => name.local === 'pattern')
        .map((one) => attribute(one, 'id')),
    );
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('has every list that its rules look into', () => {
    const missing = paths.flatMap((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const lists = [...text.matchAll(/document\('([^']+)'\)/g)].map((found) => found[1]!);
      return lists.filter((list) => !existsSync(join(folder, dirname(path), list)));
    });
    expect(missing).toEqual([]);
  });

  it.each([
    ['biology-level3', 'viaduc-bio-cr-bio'],
    ['discharge-letter', 'viaduc-ldl-ses'],
    ['discharge-letter-v2', 'viaduc-ldl-ses'],
    ['discharge-prescription', 'viaduc-ep-med-dm'],
    ['imaging-report', 'viaduc-img-cr-img'],
    ['operative-report', 'viaduc-cr-operatoire'],
  ])('judges %s by %s', (name, schematron) => {
    expect(rulesFor(sample(name))).toContain(`schematrons/${schematron}.sch`);
  });
});

describe.skipIf(unevaluated.length > 0)("what the project's own pack says", () => {
  const documents = readdirSync(join(root, 'samples', 'documents')).map((file) => file.replace(/\.xml$/, ''));

  it.each(documents.filter((name) => name !== 'not-well-formed'))('finds no error in %s', (name) => {
    const errors = judge(sample(name)).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message, line }) => `${code} line ${line}: ${message}`)).toEqual([]);
  });

  it.each(WRONG)('%s', (_what, name, [from, to], code, said) => {
    const before = sample(name);
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    const found = judge(after).filter(({ severity }) => severity === 'error');
    expect(found.map((one) => one.code)).toContain(code);
    expect(found.find((one) => one.code === code)?.message).toContain(said);
  });
});
