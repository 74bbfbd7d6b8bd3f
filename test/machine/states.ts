import { expect } from 'vitest';
import { dmpClient, freshLetter } from '../gateway/running.ts';
import type { SpawnedGateway } from '../gateway/spawned.ts';

/** Schedules so short that a test sees their ends, and that never come to their own. */
export const SCHEDULES = `
dmp:
  timeoutSeconds: 200
  failuresToOpen: 1000
  schedules: { retry: '2s, …', outage: '2s, …', doubt: '2s, …' }
`;

export interface Put {
  /** What is being done with it: a state of the table of states, and how it came there. */
  name: string;
  submission: string;
  delivery: string;
  /** State before the gateway is ended, and those in which it may be found again. */
  before: string;
  after: readonly string[];
}

type Fault = Parameters<ReturnType<typeof dmpClient>['fault']>[0];

const ON_SEND = { transaction: 'iti-41' };

/** How a delivery is brought into each state that is not final. */
const WAYS: { name: string; before: string; after: readonly string[]; query?: string; faults?: Fault[] }[] = [
  {
    name: 'held by its request',
    before: 'waiting',
    after: ['waiting'],
    query: '&holdReason=relecture&holdUntil=2099-01-01T00:00:00Z',
  },
  {
    name: 'put off by the DMP',
    before: 'due',
    after: ['due', 'sending'],
    faults: [{ match: ON_SEND, fault: 'registry-busy', every: 1 }],
  },
  {
    name: 'read and never answered',
    before: 'sending',
    after: ['sending', 'ambiguous'],
    faults: [{ match: ON_SEND, fault: 'hang', every: 1 }],
  },
  {
    name: 'stored and not yet answered',
    before: 'sending',
    after: ['sending', 'ambiguous'],
    faults: [{ match: ON_SEND, fault: 'delay', delayMs: 600_000 }],
  },
  {
    name: 'stored, the answer lost, the question without answer',
    before: 'ambiguous',
    after: ['ambiguous', 'sending'],
    faults: [
      { match: ON_SEND, fault: 'store-then-reset' },
      { match: { transaction: 'iti-18' }, fault: 'http-503-html', every: 1 },
    ],
  },
  {
    name: 'answered by what nobody knows',
    before: 'parked',
    after: ['parked'],
    faults: [{ match: ON_SEND, fault: 'unknown-error-code', every: 1 }],
  },
];

/** Brings one delivery into each state, and a newer version behind one that is being sent. */
export async function putInEveryState(gateway: SpawnedGateway, admin: string): Promise<Put[]> {
  const dmp = dmpClient(admin);
  const puts: Put[] = [];
  for (const { faults = [], query = '', ...way } of WAYS) {
    const { document, uniqueId } = freshLetter();
    for (const { match, ...fault } of faults as { match: object }[])
      await dmp.fault({ ...fault, match: { ...match, uniqueId } });
    puts.push({ ...way, ...(await submit(gateway, document, query)) });
    if (way.name === 'read and never answered') puts.push(await follow(gateway, uniqueId));
  }
  for (const put of puts)
    await expect.poll(() => stateOf(gateway, put), { timeout: 20_000 }).toBe(put.before);
  return puts;
}

/** A newer version of a document: it waits until the earlier one has ended. */
async function follow(gateway: SpawnedGateway, predecessor: string): Promise<Put> {
  const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${predecessor}"/></parentDocument></relatedDocument>`;
  const { document } = freshLetter({ '<componentOf>': `${link}<componentOf>` });
  const submitted = await submit(gateway, document, '&operation=replace');
  return { name: 'behind an earlier version', before: 'waiting', after: ['waiting'], ...submitted };
}

async function submit(gateway: SpawnedGateway, document: Buffer, query: string) {
  const { status, body } = await gateway.call(`/api/submissions?to=dmp${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: document as RequestInit['body'],
  });
  expect({ status, body }).toMatchObject({ status: 202 });
  return { submission: body.id as string, delivery: body.deliveries[0].id as string };
}

export async function stateOf(gateway: SpawnedGateway, { submission }: Put): Promise<string> {
  const { deliveries } = (await gateway.call(`/api/submissions/${submission}`)).body;
  return deliveries[0].outcome ?? deliveries[0].state;
}
