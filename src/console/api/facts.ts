import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Imported, importExams, importStays } from '../../indicators/import.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Gate } from '../../words/access.ts';
import type { Clock } from '../../words/clock.ts';
import { consoleError } from '../errors.ts';

export interface FactsIntake {
  gate: Gate;
  ledger: Ledger;
  clock: Clock;
}

const QuerySchema = Type.Object(
  { establishment: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
);

/** `POST /stays` and `POST /exams`: a CSV file of the hospital's stays or exams, taken row by row. */
export function factRoutes({ gate, ledger, clock }: FactsIntake): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const [path, take] of [
      ['/stays', importStays],
      ['/exams', importExams],
    ] as const) {
      app.post(path, {
        schema: {
          tags: ['facts'],
          security: [{ bearer: [] }],
          summary: `Import ${path.slice(1)} from CSV`,
          description:
            'Rows of a known key replace it. Answers what was added and changed, and every row refused with its line.',
          consumes: ['text/csv'],
          querystring: QuerySchema,
        },
        handler: async ({ raw, query, body }) => {
          const establishment = gate.establishmentOf(raw, query.establishment, ['dim', 'it']);
          if (body !== undefined && !Buffer.isBuffer(body)) throw consoleError('console.not-csv');
          return shown(
            await take({ ledger, clock }, establishment, [body ?? Buffer.alloc(0)], gate.callerOf(raw).name),
          );
        },
      });
    }
  };
}

function shown({ errors, ...done }: Imported) {
  return {
    ...done,
    errors: errors.map(({ line, column, code, message }) => ({ line, column, code, message: message.fr })),
  };
}
