import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { absent, EXAMPLES, type Example } from '../cda/examples.ts';
import { OUTCOMES } from './examples-outcomes.ts';
import { type Answer, pack, type RunningGateway, startTestGateway } from './running.ts';

const BIOLOGY = '11502-2';
const IMAGING = '18748-4';
/** Forms of oncology that share the code of the imaging report and do not count (sun-es sheet, section 5). */
const ONCOLOGY = /^CANCER-D2LM/;

const bytesOf = (file: string) => readFileSync(join(pack!, 'ExemplesCDA', file));
const stayOf = (example: Example) => `S${EXAMPLES.indexOf(example)}`;
const examOf = (example: Example) => `X${EXAMPLES.indexOf(example)}`;
const delivered = new Set(OUTCOMES.filter(([, outcome]) => outcome === 'delivered').map(([file]) => file));

/** One stay for each example, discharged when its document was made; one exam for each report of biology or imaging. */
function facts(): { stays: string; exams: string } {
  const stays = EXAMPLES.map(
    (example, index) => `0B0000012;${stayOf(example)};I;${dischargeOf(example)};${index % 9 === 0 ? 1 : 0}`,
  );
  const exams = EXAMPLES.filter(({ typeCode }) => typeCode === BIOLOGY || typeCode === IMAGING).map(
    (example) =>
      `0B0000012;${example.typeCode === BIOLOGY ? 'BIO' : 'IMG'};${examOf(example)};2026-09-15T10:00:00+02:00`,
  );
  return {
    stays: ['finess_eg;stay_no;class;discharged_at;has_surgery', ...stays].join('\n'),
    exams: ['finess_eg;kind;exam_id;validated_at', ...exams].join('\n'),
  };
}

function dischargeOf({ file }: Example): string {
  const [, time] = /effectiveTime\s+value="(\d{8})/.exec(bytesOf(file).toString('utf8'))!;
  return `${time!.slice(0, 4)}-${time!.slice(4, 6)}-${time!.slice(6, 8)}T12:00:00+02:00`;
}

function query(example: Example): string {
  const exam =
    example.typeCode === BIOLOGY
      ? `&examKind=BIO&exam=${examOf(example)}`
      : example.typeCode === IMAGING
        ? `&examKind=IMG&exam=${examOf(example)}`
        : '';
  return `to=dmp&site=0B0000012&stay=${stayOf(example)}${exam}`;
}

/** Sends every example, some at a time, so many times each. */
async function sendAll(run: RunningGateway, times: number): Promise<Map<string, Answer[]>> {
  const answers = new Map<string, Answer[]>();
  const waiting = Array.from({ length: times }, () => EXAMPLES).flat();
  const worker = async () => {
    for (let example = waiting.shift(); example; example = waiting.shift()) {
      const answer = await run.submit(bytesOf(example.file), query(example));
      answers.set(example.file, [...(answers.get(example.file) ?? []), answer]);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return answers;
}

async function start(): Promise<RunningGateway> {
  const run = await startTestGateway({ variables: { VIADUC_PACKS: pack! } });
  // One example bears a date of birth that contradicts its own matricule (CANCER-PPS, self-presenting; see traits.test.ts).
  await run.dmp.switches({ traits: 'accept' });
  const { stays, exams } = facts();
  const csv = (body: string) => ({ method: 'POST', headers: { 'content-type': 'text/csv' }, body });
  expect((await run.call('/api/stays', csv(stays))).body).toMatchObject({
    added: EXAMPLES.length,
    errors: [],
  });
  expect((await run.call('/api/exams', csv(exams))).body).toMatchObject({ errors: [] });
  return run;
}

/** Exactly the stays and exams that should count, and no other. */
async function expectFigures(run: RunningGateway): Promise<void> {
  const counts: Record<string, (example: Example) => boolean> = {
    'DS1.1': ({ typeCode }) => typeCode === '11490-0',
    'DS1.2': ({ typeCode }) => typeCode === '57833-6',
    DS2: ({ typeCode, level }) => typeCode === BIOLOGY && level === 3,
    DS3: ({ typeCode, file }) => typeCode === IMAGING && !ONCOLOGY.test(file),
  };
  const period = 'from=2000-01-01&to=2026-12-31';
  const { body } = await run.call(`/api/indicators?${period}`);
  for (const [code, counted] of Object.entries(counts)) {
    const fed = EXAMPLES.filter((example) => delivered.has(example.file) && counted(example));
    const opened = (await run.call(`/api/indicators/${code}?${period}&limit=500`)).body;
    const keys = opened.counted.map(({ key }: { key: string }) => key.split('/').at(-1));
    expect(keys.toSorted(), code).toEqual(
      fed.map((example) => (code.startsWith('DS1') ? stayOf(example) : examOf(example))).toSorted(),
    );
    expect(body.indicators.find((one: { code: string }) => one.code === code)).toMatchObject({
      numerator: fed.length,
    });
  }
  expect(body.indicators.find((one: { code: string }) => one.code === 'DS1.1').denominator).toBe(
    EXAMPLES.length,
  );
  expect(body.indicators.find((one: { code: string }) => one.code === 'DS1.3')).toMatchObject({
    numerator: 0,
    denominator: 11,
  });
}

describe.skipIf(absent !== '')(`the official examples over HTTP${absent}`, () => {
  describe('sent once', () => {
    let run: RunningGateway;
    let answers: Map<string, Answer[]>;
    beforeAll(async () => {
      run = await start();
      answers = await sendAll(run, 1);
    }, 120_000);
    afterAll(() => run.close());

    test.each(OUTCOMES)('%s is %s', (file, outcome, ...codes) => {
      const [{ status, body }] = answers.get(file) as [Answer];
      const findings = status === 200 ? body.documents[0].verdict.findings : body.findings;
      expect(status === 200 ? body.deliveries[0].outcome : 'refused at the door').toBe(outcome);
      expect([...new Set(findings.map(({ code }: { code: string }) => code))].toSorted()).toEqual(
        codes.toSorted(),
      );
    });

    test('the table is whole: ten wrong keys, ten replacement links, seven without a structure', () => {
      const having = (code: string) => OUTCOMES.filter(([, , ...codes]) => codes.includes(code)).length;
      expect([
        OUTCOMES.length,
        having('ins.key-mismatch'),
        having('routing.replacement-link-in-deposit'),
        having('dmp.author-institution-differs'),
      ]).toEqual([94, 10, 10, 7]);
    });

    test('exactly the stays and exams that were fed count', () => expectFigures(run));

    test('the simulator holds the very bytes that were sent', async () => {
      for (const example of EXAMPLES.filter(({ file }) => delivered.has(file))) {
        const held = await fetch(`${run.gateway.endpoints.dmpAdmin}/documents/${example.uniqueId}/content`);
        expect(Buffer.from(await held.arrayBuffer()).equals(bytesOf(example.file)), example.file).toBe(true);
      }
    });
  });

  test('sent twice each, with one answer in three cut off after storing: the same figures, and nothing twice', async () => {
    const run = await start();
    try {
      await run.dmp.fault({ match: { path: 'repository' }, fault: 'store-then-reset', every: 3 });
      const answers = await sendAll(run, 2);
      for (const [file, outcome] of OUTCOMES) {
        for (const { status, body } of answers.get(file)!)
          expect(status === 200 ? body.deliveries[0].outcome : 'refused at the door', file).toBe(outcome);
      }
      const { doubleDeposits, documents } = await run.dmp.counts();
      expect([doubleDeposits, documents]).toEqual([[], delivered.size]);
      await expectFigures(run);
    } finally {
      await run.close();
    }
  }, 180_000);
});
