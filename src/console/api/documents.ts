import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Gate } from '../../words/access.ts';
import type { Clock } from '../../words/clock.ts';
import type { Role } from '../../words/establishment.ts';
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

/**
 * `GET /submissions/{id}/documents/{uniqueId}`: the bytes as they came. That it was read, by whom and why, is an event before
 * they are given; once destroyed, 410 says by which decision.
 */
export function documentRoutes({ gate, ledger, clock }: DocumentReading): FastifyPluginAsyncTypebox {
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
          if (!reason) throw consoleError('console.reading-unexplained');
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
  };
}
