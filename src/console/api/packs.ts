import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AUDITORS, type Gate } from '../../words/access.ts';
import { consoleError } from '../errors.ts';

/** A pack of the data folder with the times at which it is in force. */
export interface PackListed {
  id: string;
  sha256: string;
  models: number;
  profiles: number;
  problems: number;
  activations: { from: string; until: string | null; by: string }[];
}

export interface Packs {
  list(): Promise<PackListed[]>;
  activate(name: string, from: Date | null, by: string): Promise<PackListed>;
  deactivate(name: string, by: string): Promise<PackListed>;
  /** Deletes a pack that never judged. */
  remove(name: string): Promise<PackListed>;
}

export interface PackKeeping {
  gate: Gate;
  packs: Packs;
  /** How many establishments the gateway has. */
  establishments: number;
}

const Name = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, description: 'id, or beginning of the hash' }),
});

/** `GET /packs`, `POST /packs/{name}/activate`, `POST /packs/{name}/deactivate`, `DELETE /packs/{name}`: by which rules this gateway judges. */
export function packRoutes({ gate, packs, establishments }: PackKeeping): FastifyPluginAsyncTypebox {
  const administrator = (request: object) => administratorOf(gate, request, establishments);
  return async (app) => {
    const described = { tags: ['gateway'], security: [{ bearer: [] }] };

    app.get('/packs', {
      schema: { ...described, summary: 'Rule packs kept, and when each is in force' },
      handler: async ({ raw }) => {
        if (gate.establishmentsOf(raw, AUDITORS).length === 0) throw consoleError('console.not-found');
        return { items: await packs.list(), next: null };
      },
    });

    app.post('/packs/:name/activate', {
      schema: {
        ...described,
        summary: 'Put a pack in force, now or from a later instant',
        params: Name,
        querystring: Type.Object({ from: Type.Optional(Type.String({ format: 'date-time' })) }),
      },
      handler: async ({ raw, params: { name }, query: { from } }) =>
        packs.activate(name, from === undefined ? null : new Date(from), administrator(raw)),
    });

    app.post('/packs/:name/deactivate', {
      schema: { ...described, summary: 'Take a pack out of force', params: Name },
      handler: async ({ raw, params: { name } }) => packs.deactivate(name, administrator(raw)),
    });

    app.delete('/packs/:name', {
      schema: { ...described, summary: 'Delete a pack that has never been in force', params: Name },
      handler: async ({ raw, params: { name } }, reply) => {
        administrator(raw);
        await packs.remove(name);
        return reply.code(204).send();
      },
    });
  };
}

/** Packs judge for every establishment: only who administers them all may change them, and is named. */
function administratorOf(gate: Gate, request: object, establishments: number): string {
  if (gate.establishmentsOf(request, []).length < establishments) throw consoleError('console.not-found');
  return gate.callerOf(request).name;
}
