import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Caller, type Gate, holds } from '../../words/access.ts';
import { type Grant, ROLES } from '../../words/establishment.ts';
import { sameName } from '../../words/person-name.ts';
import { consoleError } from '../errors.ts';

export interface TokenKeeping {
  gate: Gate;
  /** Configured senders, by establishment. */
  senders: readonly { id: string; establishment: string }[];
  issue(name: string, grants: Grant[], sender: string | null): Promise<{ id: string; token: string }>;
  revoke(id: string, by: string): Promise<void>;
  list(): Caller[];
}

const TokenSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    grants: Type.Array(
      Type.Object(
        { establishment: Type.String(), role: Type.Union(ROLES.map((role) => Type.Literal(role))) },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 100,
      },
    ),
    sender: Type.Optional(Type.String({ maxLength: 64, description: 'sender that the holder acts as' })),
  },
  { additionalProperties: false },
);

/** `POST /tokens`, `GET /tokens`, `DELETE /tokens/{id}`: whoever administers an establishment lets others in. */
export function tokenRoutes(keeping: TokenKeeping): FastifyPluginAsyncTypebox {
  const { gate } = keeping;
  return async (app) => {
    const described = { tags: ['access'], security: [{ bearer: [] }] };

    app.post('/tokens', {
      schema: { ...described, summary: 'Make a token; it is shown once', body: TokenSchema },
      handler: async ({ raw, body: { name, grants, sender = null } }, reply) => {
        const caller = gate.callerOf(raw);
        for (const grant of grants) refuseForeign(caller, grant);
        refuseNearName(name, held(keeping, raw));
        const known =
          sender === null ||
          keeping.senders.some(
            (one) =>
              one.id === sender && grants.some(({ establishment }) => establishment === one.establishment),
          );
        if (!known) throw consoleError('console.sender-unknown', { sender: sender ?? '' });
        return reply.code(201).send(await keeping.issue(name, grants as Grant[], sender));
      },
    });

    app.get('/tokens', {
      schema: { ...described, summary: 'Tokens of the establishments one administers' },
      handler: async ({ raw }) => {
        const own = administered(keeping, raw);
        const items = held(keeping, raw);
        return {
          items: items.map(({ token, name, grants, sender }) => ({
            id: token,
            name,
            sender,
            grants: grants.filter(({ establishment }) => own.has(establishment)),
          })),
          next: null,
        };
      },
    });

    app.delete('/tokens/:id', {
      schema: {
        ...described,
        summary: 'Revoke a token',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      },
      handler: async ({ raw, params: { id } }, reply) => {
        const own = administered(keeping, raw);
        const token = keeping.list().find((one) => one.token === id);
        if (!token?.grants.every(({ establishment }) => own.has(establishment)))
          throw consoleError('console.not-found');
        await keeping.revoke(id, gate.callerOf(raw).name);
        return reply.code(204).send();
      },
    });
  };
}

function administered({ gate }: TokenKeeping, request: object): Set<string> {
  return new Set(gate.establishmentsOf(request, []).map(({ id }) => id));
}

/** Only who administers an establishment grants anything in it; for anybody else it is not there. */
function refuseForeign(caller: Caller, { establishment }: Grant): void {
  if (!holds(caller, establishment, [])) throw consoleError('console.not-found');
}

/** Tokens of the establishments that one administers. */
function held(keeping: TokenKeeping, request: object): Caller[] {
  const own = administered(keeping, request);
  return keeping.list().filter(({ grants }) => grants.some(({ establishment }) => own.has(establishment)));
}

/** The name of somebody who has a token already means that person; one that is nearly the same could mean either. */
function refuseNearName(name: string, tokens: readonly Caller[]): void {
  const near = tokens.find((one) => one.name !== name && sameName(one.name, name));
  if (near) throw consoleError('console.name-near', { name: near.name });
}
