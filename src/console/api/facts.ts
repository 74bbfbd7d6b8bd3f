import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Imported, importExams, importStays } from '../../indicators/import.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Gate } from '../../words/access.ts';
import type { Clock } from '../../words/clock.ts';
import { type Language, languageOf } from '../../words/language.ts';
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
        handler: async ({ raw, query, body, headers }) => {
          const establishment = gate.establishmentOf(raw, query.establishment, ['dim', 'it']);
          if (body !== undefined && !Buffer.isBuffer(body)) throw consoleError('console.not-csv');
          const file = [body ?? Buffer.alloc(0)];
          const done = await take({ ledger, clock }, establishment, file, gate.callerOf(raw).name);
          return shown(done, languageOf(headers['accept-language']));
        },
      });
    }
  };
}

function shown({ errors, ...done }: Imported, language: Language) {
  return {
    ...done,
    errors: errors.map(({ line, column, code, message, remedy }) => ({
      ...{ line, column, code },
      message: message[language],
      remedy: remedy[language],
    })),
  };
}
