import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepPack } from '../../src/validation/packs/kept.ts';
import { lastingFolderOf } from '../validation/packs-made.ts';
import { viaduc } from './cli/command.ts';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

/** A Schematron about the header, with several rules that a letter of ours breaks or keeps. */
const rules = (asserts: string) => `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="cda" uri="urn:hl7-org:v3"/>
<pattern><rule context="cda:ClinicalDocument">${asserts}</rule></pattern>
</schema>`;
const LETTER = "cda:templateId[@root='1.2.250.1.213.1.1.1.29']";
const broken = `<assert test="${LETTER}">model</assert>
<assert test="cda:title = 'Nothing'">The title is <value-of select="cda:title"/></assert>
<assert test="count(cda:author) gt 9">Nine authors are required</assert>`;
const kept = `<assert test="${LETTER}">model</assert>`;
const unreadable = `${kept}<assert test="doc('gone.xml')/a">needs a file</assert>`;

const OVERRIDE = 'schema: none\n';
const packOf = (editions: Record<string, string>) =>
  lastingFolderOf({
    'viaduc-pack.yaml': OVERRIDE,
    'schematrons/profils/all.sch': rules('<assert test="cda:id">id</assert>'),
    ...Object.fromEntries(
      Object.entries(editions).map(([edition, text]) => [
        `schematrons/CI-SIS_LETTER_${edition}.sch`,
        rules(text),
      ]),
    ),
  });

let run: RunningGateway;
const folders: string[] = [];
beforeAll(async () => {
  const pack = packOf({ '2022.01': broken, '2021.01': kept, '2020.01': unreadable });
  folders.push(pack);
  run = await startTestGateway({
    config: { packs: [pack] },
    yaml: `
senders:
  ${['watched', 'pinned', 'strict', 'free']
    .map(
      (id) => `- id: ${id}
    establishment: demo
    structures: '*'
    policy:
      visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false }
      identity: qualified-only
      consent: informed-without-opposition
      rules: ${
        {
          watched: '{ mode: observe, editions: ["2022.01"] }',
          pinned: '{ editions: ["2019.01"] }',
          strict: '{ editions: ["2020.01"], notEvaluated: refuse }',
          free: '{ editions: ["2020.01"] }',
        }[id]
      }`,
    )
    .join('\n  ')}
`,
  });
});
afterAll(async () => {
  await run.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A letter that says no edition, so that every one is tried. */
const letter = (extension = '') => freshLetter({ ' extension="2022.01"': extension }).document;
const send = (sender: string, document = letter()) => run.submit(document, `to=dmp&sender=${sender}`);
const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);

describe('a document that says no edition', () => {
  test('is judged by the newest edition that it satisfies', async () => {
    const { body } = await run.call('/api/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: letter() as RequestInit['body'],
    });
    expect(body).toMatchObject({ judgement: 'valid', profile: { edition: '2021.01', satisfied: true } });
    expect(body.profile.tried).toMatchObject([
      { edition: '2022.01', errors: 2 },
      { edition: '2021.01', errors: 0 },
    ]);
  });

  test('and says one is judged by it, with all that is wrong, 422', async () => {
    const { status, body } = await run.submit(letter(' extension="2022.01"'));
    expect(status).toBe(422);
    const found = body.findings.filter(({ source }: { source: string }) => source === 'schematron');
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ schema: 'CI-SIS_LETTER_2022.01', location: '/ClinicalDocument' });
    expect(found[0].message).toMatch(/^The title is \S/);
    expect(found[0].remedy).toContain("cda:title = 'Nothing'");
    expect(found[1].remedy).toBeNull();
  });
});

describe('a sender', () => {
  test('that is only observed is never refused by Schematrons', async () => {
    const { status, body } = await send('watched');
    expect(status).toBe(200);
    const { findings, judgement } = body.documents[0].verdict;
    expect(judgement).toBe('valid');
    expect(findings.filter(({ source }: { source: string }) => source === 'schematron')).toMatchObject([
      { severity: 'warning' },
      { severity: 'warning' },
    ]);
  });

  test('pinned to editions is refused with another one', async () => {
    const { status, body } = await send('pinned');
    expect(status).toBe(422);
    expect(codes(body.findings)).toContain('rules.edition-not-allowed');
  });

  test('may insist that every rule is evaluated', async () => {
    const accepted = await send('free');
    expect(accepted.status).toBe(200);
    expect(accepted.body.documents[0].verdict.notEvaluated).toContainEqual(
      expect.objectContaining({ rule: expect.stringContaining('CI-SIS_LETTER_2020.01') }),
    );
    const refused = await send('strict');
    expect(refused.status).toBe(422);
    expect(codes(refused.body.findings)).toEqual(['rules.not-evaluated']);
  });
});

describe('after the fact', () => {
  const variables = () => ({ VIADUC_DATA: run.data, VIADUC_CONFIG: `${run.folder}/viaduc.yaml` });

  test('a pack is tried on what was accepted, and tells who would newly be refused', () => {
    const strict = packOf({ '2022.01': broken });
    folders.push(strict);
    const { status, out } = viaduc(['packs', 'try', strict, '--since', '1h'], variables());
    expect(status).toBe(1);
    expect(out).toMatch(/ free 2\.25\.\d+ LETTER 2022\.01: 2 error\(s\)/);
    expect(out).toMatch(/documents judged again, 1 would newly be refused/);
    expect(viaduc(['packs', 'try', packKept(), '--since', '1h'], variables()).status).toBe(0);
  });

  test('a replay tells what differs under other rules', () => {
    const { status, out } = viaduc(['replay', '--pack', packKept(), run.data], variables());
    expect(status).toBe(1);
    expect(out).toMatch(/judged as LETTER 2022\.01 .* then, as LETTER 2021\.01 .* now/);
    expect(out).toMatch(/refused .*: refused with \d error\(s\) of its own, 0 now/);
  });

  function packKept(): string {
    const folder = packOf({ '2021.01': kept });
    folders.push(folder);
    return folder;
  }
});

describe('findings on demand', () => {
  test('carry the rule and what stands at its place', () => {
    const pack = packOf({ '2022.01': broken });
    folders.push(pack);
    keepPack(pack, run.data, null);
    const { out } = viaduc(
      ['validate', '--pack', pack, '--format', 'json', '--explain', 'samples/documents/discharge-letter.xml'],
      { VIADUC_CACHE: `${run.folder}/cache` },
    );
    const { findings } = JSON.parse(out);
    expect(findings[0]).toMatchObject({
      rule: {
        context: 'cda:ClinicalDocument',
        test: "cda:title = 'Nothing'",
        file: 'schematrons/CI-SIS_LETTER_2022.01.sch',
        line: 4,
        kind: 'assert',
      },
      excerpt: expect.stringMatching(/^<ClinicalDocument /),
    });
  });
});
