import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Environment } from '../../words/environment.ts';

/** A pack that judges: its edition, the hash that verdicts name, since when and until when (ISO 8601, null: always). */
export interface PackInForce {
  id: string;
  sha256: string;
  from: string | null;
  until: string | null;
  /** How many models of documents it has rules for. */
  models: number;
  /** How many of its files are missing or broken; verdicts name what they cost. */
  problems: number;
}

/** An edition of a published value set of the DMP that the operator loaded. */
export interface ValueSetInForce {
  set: string;
  oid: string;
  version: string;
  /** ISO 8601 date of the edition. */
  date: string;
  /** False for a set that only advises, or of the CI-SIS, by which the DMP does not go. */
  refuses: boolean;
}

/** What this gateway is, for who has to state it. */
export interface Conformance {
  product: { name: string; version: string };
  environment: Environment;
  interfaces: Readonly<Record<string, string>>;
  packs: PackInForce[];
  valueSets: ValueSetInForce[];
  definitions: { id: string; version: string; sha256: string }[];
  destinations: string[];
  runtime: string;
}

/** `GET /conformance`: build, interface versions, pack editions, definitions, environment. */
export function conformanceRoutes(conformance: () => Conformance): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/conformance', {
      schema: { tags: ['gateway'], security: [{ bearer: [] }], summary: 'What this gateway is' },
      handler: async () => conformance(),
    });
  };
}
