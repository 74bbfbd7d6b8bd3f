import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Ledger } from '../../ledger/ledger.ts';
import type { WorkRow } from '../../ledger/views.ts';
import type { Gate } from '../../words/access.ts';
import type { Clock } from '../../words/clock.ts';
import type { Role } from '../../words/establishment.ts';
import { reasonText } from '../../words/reason.ts';
import { WITHDRAWABLE, WORK_CAUSES } from '../../words/work.ts';
import { consoleError } from '../errors.ts';

export interface WorklistParts {
  gate: Gate;
  ledger: Ledger;
  clock: Clock;
}

/** Who may see what waits, and close it. */
const WORKERS: readonly Role[] = ['it', 'identity', 'unit', 'dim'];

const closed = { additionalProperties: false };
const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    cause: Type.Optional(Type.String({ maxLength: 64 })),
    role: Type.Optional(Type.String({ maxLength: 16 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  closed,
);
const CloseSchema = Type.Object(
  {
    item: Type.String({ maxLength: 200 }),
    reason: reasonText(200),
  },
  closed,
);

/** `GET /worklist`: what waits for a person, for whom, since when and what to do; `POST /worklist/close`: it is dealt with. */
export function worklistRoutes({ gate, ledger, clock }: WorklistParts): FastifyPluginAsyncTypebox {
  async function find(request: object, item: string) {
    for (const { id: establishment } of gate.establishmentsOf(request, WORKERS)) {
      const found = await ledger.of(establishment).workItem(item);
      if (found) return { establishment, found };
    }
    throw consoleError('console.work-unknown');
  }

  return async (app) => {
    const described = { tags: ['worklist'], security: [{ bearer: [] }] };

    app.get('/worklist', {
      schema: { ...described, summary: 'What waits for a person, oldest first', querystring: ListSchema },
      handler: async ({ raw, query }) => {
        const { id } = gate.establishmentOf(raw, query.establishment, WORKERS);
        const view = ledger.of(id);
        const { cause, role, limit = 50, cursor } = query;
        const filter = { ...(cause ? { cause } : {}), ...(role ? { role } : {}), limit };
        const { items, next } = await view.work({ ...filter, after: Number(cursor ?? 0) });
        const counts = await view.workCounts();
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return { items: items.map((item) => presentWork(item, clock.now())), next, total, counts };
      },
    });

    app.post('/worklist/close', {
      schema: { ...described, summary: 'Close an item that was dealt with', body: CloseSchema },
      handler: async ({ raw, body: { item, reason } }) => {
        const { establishment, found } = await find(raw, item);
        if (!WORK_CAUSES[found.cause].closable) throw consoleError('console.work-not-closable');
        const by = gate.callerOf(raw).name;
        const data = { item, by, reason };
        await ledger.append({ establishment, nowMs: clock.now(), events: [{ type: 'work.closed', data }] });
        return { item, closed: true };
      },
    });
  };
}

function presentWork(work: WorkRow, nowMs: number) {
  const { id, cause, role, code, submission, delivery, notice, stay, withdrawal, mail, openedAt } = work;
  const { means, next, closable } = WORK_CAUSES[cause];
  return {
    ...{ id, cause, role, code, submission, delivery, notice, stay, withdrawal, mail },
    ...{ since: openedAt, ageSeconds: Math.max(0, Math.floor((nowMs - Date.parse(openedAt)) / 1000)) },
    ...{ message: means.fr, next: next.fr, closable },
    ...(asksForWithdrawal(work) ? { ask: { path: '/api/withdrawals', item: id } } : {}),
  };
}

/** Whether a withdrawal may answer an item, and none is on its way. */
function asksForWithdrawal({ cause, withdrawal }: WorkRow): boolean {
  return withdrawal === null && WITHDRAWABLE.some((one) => one === cause);
}
