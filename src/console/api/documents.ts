import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { cameBack } from '../../ledger/came-back.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow } from '../../ledger/views.ts';
import type { Gate } from '../../words/access.ts';
import type { Clock } from '../../words/clock.ts';
import type { Role } from '../../words/establishment.ts';
import { isReason } from '../../words/reason.ts';
import { consoleError } from '../errors.ts';

export interface DocumentReading {
  gate: Gate;
  ledger: Ledger;
  clock: Clock;
}

/** Who may read a document, with a reason that is written down. */
const READERS: readonly Role[] = ['it', 'identity', 'auditor'];

const ParamsSchema = Type.Object({
  id: Type.String({ maxLength: 64 }),
  uniqueId: Type.String({ maxLength: 128 }),
});
const HeadersSchema = Type.Object({
  'viaduc-reason': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'why it is read, as the reference of a request; never who the patient is',
    }),
  ),
});

const ReceiptParamsSchema = Type.Object({
  id: Type.String({ maxLength: 64 }),
  receipt: Type.String({ maxLength: 64 }),
});

/**
 * `GET /submissions/{id}/documents/{uniqueId}`: the bytes as they came. That it was read, by whom and why, is an event before
 * they are given; once destroyed, 410 says by which decision.
 */
export function documentRoutes(reading: DocumentReading): FastifyPluginAsyncTypebox {
  const { gate, ledger, clock } = reading;
  return async (app) => {
    app.get('/submissions/:id/documents/:uniqueId', {
      schema: {
        ...{
          tags: ['submissions'],
          security: [{ bearer: [] }],
          params: ParamsSchema,
          headers: HeadersSchema,
        },
        summary: 'A document as it came; the reading is recorded',
        description: 'The header `Viaduc-Reason` says why. 410 when it was destroyed, with the decision.',
      },
      handler: async ({ raw, params: { id, uniqueId }, headers }, reply) => {
        for (const { id: establishment } of gate.establishmentsOf(raw, READERS)) {
          const view = ledger.of(establishment);
          const document = (await view.documents(id)).find((one) => one.uniqueId === uniqueId);
          if (!document) continue;
          const reason = headers['viaduc-reason']?.trim();
          if (!reason || !isReason(reason)) throw consoleError('console.reading-unexplained');
          const bytes = await view.body(document.body.id);
          const person = (await view.submission(id))?.person ?? null;
          const data = { submission: id, uniqueId, by: gate.callerOf(raw).name, reason };
          const event = {
            type: 'document.read' as const,
            data,
            subject: person === null ? null : { person },
          };
          await ledger.append({ establishment, nowMs: clock.now(), events: [event] });
          return reply.header('Cache-Control', 'no-store').type('application/xml').send(bytes);
        }
        throw consoleError('console.not-found');
      },
    });

    app.get('/deliveries/:id/receipts/:receipt', {
      schema: {
        ...{
          tags: ['deliveries'],
          security: [{ bearer: [] }],
          params: ReceiptParamsSchema,
          headers: HeadersSchema,
        },
        summary: 'What the destination answered to an attempt; the reading is recorded',
        description: 'The header `Viaduc-Reason` says why. 410 when it was destroyed, with the decision.',
      },
      handler: async ({ raw, params: { id, receipt }, headers }, reply) => {
        for (const { id: establishment } of gate.establishmentsOf(raw, READERS)) {
          const delivery = await ledger.of(establishment).delivery(id);
          if (!delivery || !(await isReceiptOf(ledger.of(establishment), id, receipt))) continue;
          const reason = headers['viaduc-reason']?.trim();
          if (!reason || !isReason(reason)) throw consoleError('console.reading-unexplained');
          const bytes = await ledger.of(establishment).body(receipt);
          const by = gate.callerOf(raw).name;
          await recordReading(reading, establishment, { delivery, receipt, by, reason });
          return reply.header('Cache-Control', 'no-store').type('application/octet-stream').send(bytes);
        }
        throw consoleError('console.not-found');
      },
    });
  };
}

/** Whether an event of the delivery names the body as the answer to an attempt, or it is a mail that came back after it. */
async function isReceiptOf(view: LedgerView, delivery: string, receipt: string): Promise<boolean> {
  const events = await view.timeline([`delivery:${delivery}`]);
  const named = events.some(
    ({ data }) =>
      'delivery' in data && data.delivery === delivery && 'receipt' in data && idOf(data.receipt) === receipt,
  );
  return named || (await cameBack(view, [delivery])).bodies.some(({ id }) => id === receipt);
}

function idOf(receipt: unknown): unknown {
  return typeof receipt === 'object' && receipt !== null && 'id' in receipt ? receipt.id : null;
}

async function recordReading(
  { ledger, clock }: DocumentReading,
  establishment: string,
  { delivery, receipt, by, reason }: { delivery: DeliveryRow; receipt: string; by: string; reason: string },
): Promise<void> {
  const { submission, id } = delivery;
  const person = (await ledger.of(establishment).submission(submission))?.person ?? null;
  const data = { submission, delivery: id, answer: receipt, by, reason };
  const subject = person === null ? null : { person };
  await ledger.append({
    ...{ establishment, nowMs: clock.now() },
    events: [{ type: 'receipt.read', data, subject }],
  });
}
