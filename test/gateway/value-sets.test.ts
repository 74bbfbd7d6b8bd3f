import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bringing } from '../../src/checks/checked.ts';
import { openChecks } from '../../src/checks/pool.ts';
import { type Config, readConfig } from '../../src/gateway/config.ts';
import { lookAtValueSets } from '../../src/gateway/doctor/value-sets.ts';
import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import { ValueSetKeeping } from '../../src/gateway/value-sets.ts';
import type { Environment } from '../../src/words/environment.ts';
import { HandClock } from '../delivery/scripted.ts';
import { DEPOSIT } from '../xds/discharge-letter.ts';
import { asSvs, types, type Written } from '../xds/published.ts';
import { freshLetter, type RunningGateway, sample, startTestGateway } from './running.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-sets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string, name = 'JDV_J66-TypeCode-DMP.xml') => writeFileSync(join(folder, name), text);

function configOf(environment: Environment): Config {
  const config = readConfig({ VIADUC_DATA: join(folder, 'data') }, folder);
  return { ...config, environment, dmp: { ...config.dmp, valueSets: [folder] } };
}

describe('value sets while the gateway runs', () => {
  const kept = () => {
    const told: string[] = [];
    const clock = new HandClock(NOW);
    const keeping = new ValueSetKeeping(configOf('test'), clock, (code) => told.push(code));
    const taken: string[][] = [];
    keeping.watch((sets) => taken.push(sets.map(({ source }) => source.version)));
    return { keeping, clock, told, taken };
  };

  test('a file that changes is taken over within a minute', () => {
    put(asSvs(types('11490-0')));
    const { keeping, clock, told, taken } = kept();
    clock.advance(60_000);
    expect(taken).toEqual([]);
    put(asSvs({ ...types('11490-0', '34112-3'), date: '2026-11-01' }));
    clock.advance(60_000);
    expect([taken, told]).toEqual([[['2026-11-01']], []]);
    expect(keeping.inForce).toEqual([
      {
        ...{ set: 'JDV_J66-TypeCode-DMP', oid: '1.2.250.1.213.1.1.5.7' },
        ...{ version: '20261101120000', date: '2026-11-01', refuses: true },
      },
    ]);
  });

  test('a file that went wrong is told once, and the former sets stay', () => {
    put(asSvs(types('11490-0')));
    const { keeping, clock, told, taken } = kept();
    put('<broken');
    clock.advance(60_000);
    clock.advance(60_000);
    expect([told, taken]).toEqual([['xds.value-set-unreadable'], []]);
    expect(keeping.sets).toHaveLength(1);
  });

  test('nothing is looked at any more once it is stopped', () => {
    put(asSvs(types('11490-0')));
    const { keeping, clock, taken } = kept();
    keeping.stop();
    put(asSvs(types('11490-0', '34112-3')));
    clock.advance(60_000);
    expect(taken).toEqual([]);
  });
});

describe('at the start', () => {
  const OUTDATED = asSvs({ ...types('11490-0'), date: '2020-01-31' });
  const open = (environment: Environment) => {
    const told: string[] = [];
    const keeping = new ValueSetKeeping(configOf(environment), new HandClock(NOW), (code) => told.push(code));
    return { told, sets: keeping.sets.length };
  };

  test.each([
    ['a broken file', '<broken', 'xds.value-set-unreadable', 0],
    ['an outdated edition', OUTDATED, 'xds.value-set-outdated', 1],
  ])('%s refuses production, and is told elsewhere', (_, text, code, inForce) => {
    put(text);
    expect(() => open('production')).toThrow(expect.objectContaining({ code }));
    expect(open('test')).toEqual({ told: [code], sets: inForce });
    expect(open('sandbox')).toEqual({ told: [code], sets: inForce });
  });

  test('doctor names the editions in force, those that are missing, and what is wrong', () => {
    put(asSvs(types('11490-0')));
    put('<broken', 'JDV_J57.xml');
    const lines = lookAtValueSets(configOf('production'), NOW);
    expect(lines.map(({ level, code }) => [level, code])).toEqual([
      ['error', 'xds.value-set-unreadable'],
      ['ok', null],
      ['warning', 'doctor.value-sets-missing'],
    ]);
    expect(lines[0]?.message.fr).toContain('JDV_J57.xml, ligne 1 est inutilisable');
    expect(lines[1]?.message.fr).toBe('JDV_J66-TypeCode-DMP du 2026-09-25 en vigueur, 1 codes');
    expect(lines[2]?.message.fr).toContain('JDV_J60-FormatCode-DMP');
    expect(lines[2]?.message.fr).not.toContain('JDV_J66');
  });
});

test('judges take other sets from the next document on', async () => {
  const checks = await openChecks({
    environment: 'sandbox',
    rules: { packs: [], cache: null, problems: 'report' },
    installation: { sourceId: '1.2.3', product: { name: 'Viaduc', version: '0' } },
    ...{ workers: 1, budgetMs: 20_000 },
  });
  const brought: Bringing = { request: DEPOSIT, establishment: SANDBOX_ESTABLISHMENT, structures: '*' };
  const said = async () => {
    const { verdict } = await checks.judge({ bytes: sample('discharge-letter.xml'), brought });
    return verdict.findings.filter(({ code }) => code === 'dmp.type-not-accepted').map(({ line }) => line);
  };
  try {
    expect(await said()).toEqual([]);
    put(asSvs(types('34112-3')));
    checks.takeValueSets(new ValueSetKeeping(configOf('test'), new HandClock(NOW), () => {}).sets);
    expect(await said()).toEqual([10]);
    await checks.renew({ packs: [], cache: null, problems: 'report' });
    expect(await said()).toEqual([10]);
  } finally {
    await checks.close();
  }
});

describe('a gateway with the list of types of the DMP', () => {
  let sets: string;
  let run: RunningGateway;
  beforeAll(async () => {
    sets = mkdtempSync(join(tmpdir(), 'viaduc-sets-'));
    const written: Written = types('34112-3');
    writeFileSync(join(sets, 'types.xml'), asSvs(written));
    run = await startTestGateway({ yaml: JSON.stringify({ dmp: { valueSets: [sets] } }) });
  });
  afterAll(async () => {
    await run.close();
    rmSync(sets, { recursive: true, force: true });
  });

  test('refuses a type that is not in it before anything is promised, with the line of the document', async () => {
    const { status, body } = await run.submit(freshLetter().document);
    expect(status).toBe(422);
    const found = body.findings.find(({ code }: { code: string }) => code === 'dmp.type-not-accepted');
    expect(found).toMatchObject({ severity: 'error', line: 10, location: '/ClinicalDocument/code' });
    expect(found.message).toContain('JDV_J66-TypeCode-DMP du 2026-09-25');
    expect((await run.dmp.counts()).requests).toBe(0);
  });

  test('names it in its conformance statement', async () => {
    const { body } = await run.call('/api/conformance');
    expect(body.valueSets).toEqual([
      {
        ...{ set: 'JDV_J66-TypeCode-DMP', oid: '1.2.250.1.213.1.1.5.7' },
        ...{ version: '20260925120000', date: '2026-09-25', refuses: true },
      },
    ]);
  });
});
