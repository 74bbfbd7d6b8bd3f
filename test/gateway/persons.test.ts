import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmErasure } from '../../src/console/person/erase.ts';
import { systemClock } from '../../src/words/clock.ts';
import type { Establishment } from '../../src/words/establishment.ts';
import { freshLetter, type RunningGateway, repository, startTestGateway } from './running.ts';

// What is held of a person can be read out by who may see identities, leaves a trace, and can be destroyed by two people;
// figures, duplicate control and the verification answer the same afterwards.

const INS = '236066322083656';
const IPP = '900000142';

const INFERRED = `to=dmp&site=0B0000012&class=I&admittedAt=${encodeURIComponent('2026-09-14T10:20:00+02:00')}&dischargedAt=${encodeURIComponent('2026-09-21T15:30:00+02:00')}`;

let run: RunningGateway;
let identity: string;
let second: string;

beforeAll(async () => {
  run = await startTestGateway();
  const issue = async (name: string, role: string) =>
    (await post('/api/tokens', { name, grants: [{ establishment: 'demo', role }] }, null)).body
      .token as string;
  identity = await issue('identito', 'identity');
  second = await issue('dpo', 'admin');
  await run.call('/api/stays', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: readFileSync(join(repository, 'samples', 'stays.csv')) as RequestInit['body'],
  });
});
afterAll(() => run.close());

function post(path: string, body: object, token: string | null = identity) {
  const headers = { 'content-type': 'application/json' };
  return run.call(path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(token === null ? {} : { token }),
  });
}

const figures = async () => {
  const periods = ['2025-11', '2025-12', '2026-01', '2026-03', '2026-05', '2026-09', '2026-11'];
  return Promise.all(
    periods.map(
      async (period) =>
        (await run.call(`/api/indicators?period=${period}&asOf=2026-12-31T00:00:00Z`)).body.indicators,
    ),
  );
};
const verification = async () => (await run.call('/api/ledger/verification?establishment=demo')).body;

describe('what is held of a person', () => {
  test('is unknown of who never came, and needs an identifier', async () => {
    expect((await post('/api/persons/report', { ins: '100000000000000', reason: 'R-1' })).body.code).toBe(
      'console.person-unknown',
    );
    expect((await post('/api/persons/report', { reason: 'R-1' })).body.code).toBe('console.person-unnamed');
  });

  test('is read out whole: traits, stays, submissions, where they went; and the reading is written down', async () => {
    const { document, uniqueId } = freshLetter();
    const sent = (await run.submit(document, 'to=dmp&site=0B0000012&stay=26005701')).body;
    const { body } = await post('/api/persons/report', { ins: INS, reason: 'R-2' });
    expect(body.stays.map(({ stayNo }: { stayNo: string }) => stayNo)).toContain('25007340');
    const [held] = body.submissions.filter(({ id }: { id: string }) => id === sent.id);
    expect(held.documents).toMatchObject([{ uniqueId, kept: { kept: true } }]);
    expect(held.held.patients[0].ids).toContainEqual(expect.objectContaining({ extension: INS }));
    expect(held.deliveries).toMatchObject([{ destination: { kind: 'dmp' }, outcome: 'delivered' }]);
    expect(body.accesses.at(-1)).toMatchObject({ act: 'report', by: 'identito', reason: 'R-2' });
    const again = await post('/api/persons/report', { ipp: IPP, reason: 'R-3' });
    expect(again.body.persons).toEqual(body.persons);
    expect(again.body.accesses).toHaveLength(body.accesses.length + 1);
  });

  test('is shown to nobody without the role, and its request leaves no identifier in the chain', async () => {
    const { body } = await post(
      '/api/tokens',
      { name: 'it', grants: [{ establishment: 'demo', role: 'it' }] },
      null,
    );
    expect((await post('/api/persons/report', { ins: INS, reason: 'R-4' }, body.token)).status).toBe(403);
    const chain = JSON.stringify(await run.gateway.ledger.of('demo').events(1, 500));
    for (const identifier of [INS, IPP, run.gateway.ledger.searchHash('demo', 'ins', INS)])
      expect(chain).not.toContain(identifier);
  });
});

describe('a document', () => {
  const read = (id: string, uniqueId: string, reason?: string) =>
    run.call(
      `/api/submissions/${id}/documents/${uniqueId}`,
      reason === undefined ? {} : { headers: { 'viaduc-reason': reason } },
    );

  test('is given byte for byte with a reason, which is written down; once destroyed, 410 says by which decision', async () => {
    const { document, uniqueId } = freshLetter();
    const { id } = (await run.submit(document)).body;
    expect((await read(id, uniqueId)).body.code).toBe('console.reading-unexplained');
    const given = await read(id, uniqueId, 'R-30');
    expect([given.status, given.body]).toEqual([200, document.toString('utf8')]);
    const { body } = await post('/api/persons/report', { ins: INS, reason: 'R-31' });
    expect(body.accesses).toContainEqual(
      expect.objectContaining({ act: 'document', by: 'admin', reason: 'R-30' }),
    );
    const { ledger } = run.gateway;
    const [kept] = await ledger.of('demo').documents(id);
    const submissions = [{ submission: id, bodies: [kept!.body.id], values: [] }];
    const data = { rule: 'delivered' as const, after: '365d', bytes: 0, submissions };
    await ledger.append({
      establishment: 'demo',
      nowMs: Date.now(),
      events: [{ type: 'bodies.expired', data }],
    });
    const gone = await read(id, uniqueId, 'R-32');
    expect(gone).toMatchObject({ status: 410, body: { code: 'ledger.body-expired' } });
    expect(gone.body.detail).toContain('delivered, 365d');
  });
});

describe('viaduc person', () => {
  async function viaduc(args: string[], stdin: string, token: string) {
    const env = { ...process.env, VIADUC_DATA: run.data, VIADUC_TOKEN: token };
    const child = execFile(process.execPath, [join(repository, 'src', 'viaduc.ts'), 'person', ...args], {
      env,
    });
    child.stdin!.end(stdin);
    const ended = once(child, 'close');
    const [out, err] = await Promise.all([readAll(child.stdout!), readAll(child.stderr!)]);
    await ended;
    return { out, err, status: child.exitCode };
  }

  test('takes who it is from its input, and tells it in French for who asked', async () => {
    const { out } = await viaduc(['report', '--reason', 'R-20'], `ins ${INS}\n`, identity);
    expect(out).toContain('TCHITCHI');
    expect(out).toContain('25007340');
    expect(out).toMatch(
      /dépôt vers DMP \(Mon espace santé\) : remis le \d{2}\/\d{2}\/\d{4} \d{2}:\d{2}:\d{2} UTC[+]0[12]:00 \(Europe\/Paris\)/,
    );
    expect(out).toMatch(/état des données lu par identito \(R-20\)/);
    expect(out).toMatch(/patient : identifiants : .*TCHITCHI \(de naissance\).*date de naissance : /);
    // Instants are told with their zone, and no word of the interface is left.
    expect(out).not.toMatch(
      /\d{4}-\d{2}-\d{2}T|: undefined|\b(deposit|delivered|birthTime|gender|extension)\b/,
    );
    const { out: json } = await viaduc(
      ['report', '--reason', 'R-21', '--format', 'json'],
      `ipp ${IPP}\n`,
      identity,
    );
    expect(JSON.parse(json).submissions.length).toBeGreaterThan(0);
  });

  test('asks for an erasure, and says how a second person confirms it', async () => {
    const { out } = await viaduc(['erase', '--reason', 'R-22'], `ins ${INS}\n`, identity);
    const code = /--confirm (\S+)/.exec(out)![1]!;
    const refused = await viaduc(['erase', '--confirm', code], `ins ${INS}\n`, identity);
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('[http.forbidden]') });
    const misused = await viaduc(['erase'], `ins ${INS}\n`, identity);
    expect(misused).toMatchObject({ status: 2, err: expect.stringContaining('--reason') });
    expect((await viaduc(['report', '--reason', 'ab'], '', identity)).err).toContain('at least 3');
    expect((await viaduc(['report', '--reason', 'R-23'], 'somebody\n', identity)).err).toContain(
      'ins MATRICULE',
    );
  });
});

describe('an erasure', () => {
  test('is refused while something of the person is under way', async () => {
    const { document } = freshLetter();
    const held = await run.submit(document, `to=dmp&holdUntil=2099-01-01T00:00:00Z&holdReason=x`, {
      prefer: 'wait=0',
    });
    const waiting = held.status < 300 ? held.body.id : null;
    if (waiting === null) expect(held.body).toBe('accepted');
    const asked = await post('/api/persons/erase', { ins: INS, reason: 'R-5' });
    expect(asked.body).toMatchObject({ code: 'console.person-not-ended', status: 409 });
    await post(`/api/submissions/${waiting}/cancel`, { reason: 'R-5' }, null);
  });

  test('needs a reason, a second person, the code that was shown, and nothing new since', async () => {
    expect((await post('/api/persons/erase', { ins: INS })).body.code).toBe('console.erasure-unexplained');
    const { body: asked } = await post('/api/persons/erase', { ins: INS, reason: 'R-6' });
    expect(asked).toMatchObject({ state: 'asked', persons: 1 });
    expect(asked.bodies).toBeGreaterThan(2);
    const { confirm } = asked;
    expect((await post('/api/persons/erase', { ins: INS, confirm })).status).toBe(403);
    expect((await post('/api/persons/erase', { ins: INS, confirm: '1-00' }, second)).body.code).toBe(
      'console.erasure-unknown',
    );
    const own = await post('/api/persons/erase', { ins: INS, reason: 'R-6' }, second);
    expect(
      (await post('/api/persons/erase', { ins: INS, confirm: own.body.confirm }, second)).body.code,
    ).toBe('console.erasure-same-person');
    const tools = { ledger: run.gateway.ledger, clock: systemClock };
    const other = { by: 'D-P-Ö', token: 'another', confirm: own.body.confirm };
    const sameAgain = confirmErasure(tools, { id: 'demo' } as Establishment, { ins: INS }, other);
    await expect(sameAgain).rejects.toMatchObject({ code: 'console.erasure-same-person' });
    await run.submit(freshLetter().document);
    expect((await post('/api/persons/erase', { ins: INS, confirm }, second)).body.code).toBe(
      'console.erasure-changed',
    );
  });

  test('destroys what is about the person; figures, duplicate control and verification answer the same', async () => {
    const { document, uniqueId } = freshLetter();
    // Without its number the stay is found by patient and days alone.
    const sent = (await run.submit(document, INFERRED, { 'idempotency-key': 'erased' })).body;
    const before = { figures: await figures(), problems: (await verification()).problems };
    expect(before.problems).toEqual([]);
    for (const count of ['numerator', 'inferred'])
      expect(before.figures.flat().some((figure) => figure[count] > 0)).toBe(true);
    const { body: asked } = await post('/api/persons/erase', { ins: INS, reason: 'R-7' });
    const { body: done } = await post('/api/persons/erase', { ins: INS, confirm: asked.confirm }, second);
    expect(done).toMatchObject({ state: 'erased', bodies: asked.bodies, stays: 3 });

    for (const subject of [{ ins: INS }, { ipp: IPP }])
      expect((await post('/api/persons/report', { ...subject, reason: 'R-8' })).body.code).toBe(
        'console.person-unknown',
      );
    expect(await figures()).toEqual(before.figures);
    const { problems, decisions } = await verification();
    expect(problems).toEqual([]);
    expect(decisions).toMatchObject([{ decision: 'delivered 365d' }, { decision: 'erasure', events: 1 }]);
    expect(decisions[1].erased).toBeGreaterThanOrEqual(done.bodies);
    expect(await run.gateway.ledger.of('demo').importedStays()).not.toContainEqual(
      expect.objectContaining({
        patient: run.gateway.ledger.searchHash(
          'demo',
          'ipp',
          `2.25.224918310396250343098525528834132237391^${IPP}`,
        ),
      }),
    );

    // The same request has its answer; the same document under another request is known, and leaves no second time.
    const repeated = await run.submit(document, INFERRED, { 'idempotency-key': 'erased' });
    expect(repeated.body.id).toBe(sent.id);
    const { lots } = await run.dmp.counts();
    const known = await run.submit(document, INFERRED);
    expect(known.body.deliveries).toMatchObject([{ id: sent.deliveries[0].id, outcome: 'delivered' }]);
    expect((await run.dmp.counts()).lots).toBe(lots);
    const other = Buffer.from(document.toString('utf8').replace('CATARINA', 'CATARINE'));
    expect((await run.submit(other)).body).toMatchObject({ code: 'routing.id-conflict' });
    expect((await run.call(`/api/submissions?uniqueId=${uniqueId}`)).body.items.length).toBeGreaterThan(1);
  });

  test('goes on meaning nobody when the same file of stays is imported again', async () => {
    const before = await figures();
    await run.call('/api/stays', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: readFileSync(join(repository, 'samples', 'stays.csv')) as RequestInit['body'],
    });
    expect(await figures()).toEqual(before);
    expect((await verification()).problems).toEqual([]);
  });
});
