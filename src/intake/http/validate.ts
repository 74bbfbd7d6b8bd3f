import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { READERS } from '../../words/access.ts';
import { languageOf } from '../../words/language.ts';
import { admit } from './admit.ts';
import { readBody } from './body.ts';
import { presentVerdict } from './present.ts';
import type { HttpIntake } from './submissions.ts';

const ValidateQuery = Type.Object(
  {
    explain: Type.Optional(
      Type.Union([Type.Literal('true'), Type.Literal('false')], {
        description: 'whether findings carry the context and test of the rule behind them',
      }),
    ),
  },
  { additionalProperties: false },
);

/** `POST /validate`: the verdict on a document, which is neither kept nor sent. */
export function validateRoutes({
  gate,
  receiver,
  admission,
  notFound,
}: HttpIntake): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/validate', {
      schema: {
        tags: ['validation'],
        security: [{ bearer: [] }],
        summary: 'Judge a document without keeping or sending it',
        querystring: ValidateQuery,
        consumes: ['application/xml', 'text/xml', 'multipart/form-data'],
      },
      onRequest: admit(admission),
      handler: async (request, reply) => {
        if (gate.establishmentsOf(request.raw, READERS).length === 0) throw notFound();
        const { document } = await readBody(request);
        const { verdict, facts, sha256, ms } = await receiver.checks.judge({
          bytes: document,
          brought: null,
          explain: request.query.explain === 'true',
        });
        const about = facts && {
          uniqueId: facts.id.root,
          typeCode: facts.code?.code ?? null,
          level: facts.level,
        };
        const valid = verdict.judgement === 'not-judged' ? null : verdict.judgement === 'valid';
        const language = languageOf(request.headers['accept-language']);
        if (valid === null) reply.code(503).header('Retry-After', '5');
        return { valid, document: about, sha256, ...presentVerdict(verdict, language), ms };
      },
    });
  };
}
