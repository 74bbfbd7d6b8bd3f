import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { PackKeeping } from '../../src/gateway/pack-keeping.ts';
import { keepConfigured, readActivations, rulesInForce } from '../../src/gateway/packs.ts';
import { keepPack, keptPacks } from '../../src/validation/packs/kept.ts';
import { systemClock } from '../../src/words/clock.ts';
import { CLINICAL_DOCUMENT, lastingFolderOf, MAIN, schema, schematron } from '../validation/packs-made.ts';
import { type RunningGateway, startTestGateway } from './running.ts';

let run: RunningGateway;
let source: string;

beforeAll(async () => {
  run = await startTestGateway({ yaml: 'ownPack: never\n' });
  source = lastingFolderOf({
    [MAIN]: schema(CLINICAL_DOCUMENT),
    'schematrons/CI-SIS_LETTER_2024.01.sch': schematron(["cda:templateId[@root='1.1']"]),
    'ExemplesCDA/a.xml': '<a/>',
  });
});
afterAll(async () => {
  await run.close();
  rmSync(source, { recursive: true, force: true });
});

const validate = (document: string) =>
  run.call('/api/validate', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: document,
  });
const change = (name: string, verb: string) => run.call(`/api/packs/${name}/${verb}`, { method: 'POST' });
const packsInForce = async () => (await run.call('/api/conformance')).body.packs;

const DOCUMENT = '<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="1.1"/></ClinicalDocument>';

describe('a pack of the data folder', () => {
  test('is kept under its hash, without examples, and once', () => {
    const kept = keepPack(source, run.data, null);
    expect(kept.already).toBe(false);
    expect(keepPack(source, run.data, null)).toMatchObject({ already: true, sha256: kept.sha256 });
    expect(keptPacks(run.data, null)).toMatchObject([{ id: kept.id, sha256: kept.sha256 }]);
    expect(existsSync(join(kept.folder, 'ExemplesCDA'))).toBe(false);
  });

  test('judges nothing until it is put in force, by an event that names who did it', async () => {
    expect(await packsInForce()).toEqual([]);
    const before = await validate(DOCUMENT);
    expect(before.body.notEvaluated.map(({ rule }: { rule: string }) => rule)).toEqual(['xsd', 'schematron']);
    const { id, sha256 } = keepPack(source, run.data, null);
    const answer = await change(id, 'activate');
    expect(answer.status).toBe(200);
    expect(answer.body.activations).toMatchObject([{ until: null, by: 'admin' }]);
    expect(await packsInForce()).toMatchObject([{ id, sha256, until: null, models: 1, problems: 0 }]);
    const { body } = await validate(DOCUMENT);
    expect(body.packs).toEqual([{ id, sha256 }]);
    expect(body.findings.map(({ code }: { code: string }) => code)).toContain('xsd.element-not-allowed');
  });

  test('stays in force when the gateway starts again, and is found by the beginning of its hash', async () => {
    const { sha256 } = keepPack(source, run.data, null);
    const config = readConfig({ VIADUC_DATA: run.data });
    expect(rulesInForce(config, readActivations(config), Date.now()).packs).toHaveLength(1);
    expect((await change(sha256.slice(0, 12), 'deactivate')).status).toBe(200);
    expect(await packsInForce()).toEqual([]);
    expect((await validate(DOCUMENT)).body.packs).toEqual([]);
    expect((await change(sha256.slice(0, 12), 'deactivate')).body.code).toBe('packs.not-active');
  });

  test('can be put in force from a later instant', async () => {
    const { id } = keepPack(source, run.data, null);
    const from = new Date(Date.now() + 3_600_000).toISOString();
    expect((await change(id, `activate?from=${encodeURIComponent(from)}`)).status).toBe(200);
    expect(await packsInForce()).toMatchObject([{ id, from }]);
    expect((await validate(DOCUMENT)).body.packs).toEqual([]);
    await change(id, 'deactivate');
  });

  test('that was altered judges nothing, and can still be taken out of force', async () => {
    const { id, folder } = keepPack(source, run.data, null);
    await change(id, 'activate');
    writeFileSync(join(folder, 'schematrons', 'CI-SIS_LETTER_2024.01.sch'), schematron([]));
    const config = readConfig({ VIADUC_DATA: run.data });
    const activations = readActivations(config);
    expect(() => rulesInForce(config, activations, Date.now())).toThrow(
      expect.objectContaining({ code: 'packs.kept-altered' }),
    );
    expect((await change(id, 'deactivate')).status).toBe(200);
    rmSync(join(folder, '..'), { recursive: true });
    expect(await packsInForce()).toEqual([]);
    keepPack(source, run.data, null);
  });

  test('that has been in force is never deleted', async () => {
    const { id } = keepPack(source, run.data, null);
    const answer = await run.call(`/api/packs/${id}`, { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'packs.in-use' } });
  });

  test('that nobody added is unknown', async () => {
    expect(await change('nowhere', 'activate')).toMatchObject({
      status: 404,
      body: { code: 'packs.unknown' },
    });
  });

  test('that cannot judge is not put in force, and the former ones stay', async () => {
    const broken = lastingFolderOf({
      [MAIN]: schema(CLINICAL_DOCUMENT),
      'schematrons/CI-SIS_CUT_2024.01.sch': '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern>',
    });
    const { id } = keepPack(broken, run.data, null);
    const answer = await change(id, 'activate');
    expect(answer).toMatchObject({ status: 422, body: { code: 'packs.unusable' } });
    expect(await packsInForce()).toEqual([]);
    rmSync(broken, { recursive: true });
  });
});

describe('a gateway', () => {
  test('does not start on a pack that is damaged, unless that is accepted', async () => {
    const damaged = lastingFolderOf({
      [MAIN]: schema(CLINICAL_DOCUMENT),
      'schematrons/CI-SIS_CUT_2024.01.sch': '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern>',
    });
    const start = (yaml: string) => startTestGateway({ yaml, config: { packs: [damaged] } });
    await expect(start('checks: { workers: 1 }\n')).rejects.toMatchObject({
      code: 'validation.rules-unreadable',
    });
    const accepting = await start('checks: { workers: 1, packProblems: report }\n');
    const { body } = await accepting.call('/api/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: '<?oxygen SCHSchema="CI-SIS_CUT_2024.01.sch"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
    });
    expect(body.notEvaluated).toContainEqual(
      expect.objectContaining({ rule: 'schematron CI-SIS_CUT_2024.01' }),
    );
    await accepting.close();
    rmSync(damaged, { recursive: true });
  });

  test('outside the sandbox keeps what its configuration names, for good', async () => {
    const data = mkdtempSync(join(tmpdir(), 'viaduc-kept-'));
    const config = { ...readConfig({ VIADUC_DATA: data }), environment: 'test' as const, packs: [source] };
    keepConfigured(config);
    const [pack] = keptPacks(data, null);
    expect(pack).toMatchObject({ id: basename(source) });
    const parts = { config, clock: systemClock, ledger: run.gateway.ledger, checks: null };
    const keeping = new PackKeeping({ ...parts, rules: rulesInForce(config, [], Date.now()) });
    await expect(keeping.remove(pack!.id)).rejects.toMatchObject({ code: 'packs.in-use' });
    rmSync(data, { recursive: true });
  });

  test('refuses settings of rules that it does not know', () => {
    const folder = mkdtempSync(join(tmpdir(), 'viaduc-config-'));
    writeFileSync(join(folder, 'viaduc.yaml'), 'checks: { packProblems: ignore }\n');
    expect(() => readConfig({}, folder)).toThrow(expect.objectContaining({ code: 'config.malformed' }));
    rmSync(folder, { recursive: true });
  });
});
