import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Gate } from '../../words/access.ts';
import type { Role } from '../../words/establishment.ts';
import { reasonText } from '../../words/reason.ts';
import { consoleError } from '../errors.ts';
import { askErasure, confirmErasure, type PersonTools } from '../person/erase.ts';
import { reportPerson } from '../person/report.ts';
import { SubjectSchema } from '../person/subject.ts';

/** Who may read out what is held of a person, and ask for an erasure. */
const IDENTITY: readonly Role[] = ['identity'];
/** Who may confirm one: a second person. */
const CONFIRMERS: readonly Role[] = ['admin'];

const closed = { additionalProperties: false };
const reason = {
  ...reasonText(200),
  description: 'as the register of requests names it; never the person',
};
const named = { establishment: Type.Optional(Type.String({ maxLength: 64 })), ...SubjectSchema };
const ReportSchema = Type.Object({ ...named, reason }, closed);
const EraseSchema = Type.Object(
  { ...named, reason: Type.Optional(reason), confirm: Type.Optional(Type.String({ maxLength: 40 })) },
  closed,
);

/** `POST /persons/report` and `/persons/erase`. The identifiers stand in the body: addresses are written down on the way. */
export function personRoutes({ gate, ...tools }: PersonTools & { gate: Gate }): FastifyPluginAsyncTypebox {
  return async (app) => {
    const described = { tags: ['persons'], security: [{ bearer: [] }] };

    app.post('/persons/report', {
      schema: {
        ...described,
        summary: 'Everything held of a person; the reading is recorded',
        body: ReportSchema,
      },
      handler: async ({ raw, body }, reply) => {
        const establishment = gate.establishmentOf(raw, body.establishment, IDENTITY);
        reply.header('Cache-Control', 'no-store');
        return reportPerson(tools, establishment, body, { by: gate.callerOf(raw).name, reason: body.reason });
      },
    });

    app.post('/persons/erase', {
      schema: {
        ...described,
        summary: 'Destroy everything about a person: asked with a reason, then confirmed by a second person',
        body: EraseSchema,
      },
      handler: async ({ raw, body }) => {
        const { confirm, reason: given } = body;
        const roles = confirm === undefined ? IDENTITY : CONFIRMERS;
        const establishment = gate.establishmentOf(raw, body.establishment, roles);
        const { name: by, token } = gate.callerOf(raw);
        if (confirm !== undefined) return confirmErasure(tools, establishment, body, { by, token, confirm });
        if (given === undefined) throw consoleError('console.erasure-unexplained');
        return askErasure(tools, establishment, body, { by, token, reason: given });
      },
    });
  };
}
