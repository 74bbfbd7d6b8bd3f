import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Environment } from '../../words/environment.ts';

/** What this gateway is, for who has to state it. */
export interface Conformance {
  product: { name: string; version: string };
  environment: Environment;
  interfaces: Readonly<Record<string, string>>;
  packs: { id: string; sha256: string }[];
  definitions: { id: string; version: string; sha256: string }[];
  destinations: string[];
  runtime: string;
}

/** `GET /conformance`: build, interface versions, pack editions, definitions, environment. */
export function conformanceRoutes(conformance: Conformance): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/conformance', {
      schema: { tags: ['gateway'], security: [{ bearer: [] }], summary: 'What this gateway is' },
      handler: async () => conformance,
    });
  };
}
