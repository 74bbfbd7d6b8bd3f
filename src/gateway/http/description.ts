import type { FastifySchema } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { Problem } from './answer-shapes.ts';
import { ANSWERS } from './answers.ts';

const HEADERS = {
  type: 'object',
  properties: {
    prefer: {
      type: 'string',
      description: '`wait=20`: answer when every delivery has come to rest (RFC 7240)',
    },
    'idempotency-key': {
      type: 'string',
      maxLength: 255,
      description: "the sender's own key of this request",
    },
    'accept-language': { type: 'string', description: 'fr (default) or en' },
  },
};

/** A route that is not in the table yet answers an object. */
const UNNAMED: (typeof ANSWERS)[string] = { answers: { 200: Type.Object({}) } };

/**
 * What the interface description says of a route beside what the route checks itself: its body, its answers, and that
 * everything else is a problem.
 */
export function describeRoute({
  schema,
  url,
  route: { method },
}: {
  schema: FastifySchema;
  url: string;
  route: { method: string | string[] };
}): { schema: FastifySchema; url: string } {
  const name = `${String(method)} ${url}`;
  const known = ANSWERS[name] ?? (url.startsWith('/api/') ? UNNAMED : null);
  if (!known || url.startsWith('/api/docs')) return { schema, url };
  const response = Object.fromEntries(
    Object.entries(known.answers).map(([status, answer]) => [status, asContent(answer, Number(status))]),
  );
  const behindGate = url.startsWith('/api/')
    ? { '4XX': asContent(Problem, 400), '5XX': asContent(Problem, 500) }
    : {};
  return {
    url,
    schema: {
      ...schema,
      ...(known.body ? { body: known.body } : {}),
      ...(name === 'POST /api/submissions' ? { headers: HEADERS } : {}),
      response: { ...response, ...behindGate },
    },
  };
}

function asContent(schema: TSchema, status: number): object {
  const { description = status < 400 ? 'Done' : 'A problem (RFC 9457)' } = schema as { description?: string };
  if (status === 204) return { type: 'null', description };
  if ((schema as { type?: string }).type === 'string')
    return { description, content: { 'text/plain': { schema } } };
  const type = status < 400 || !isProblem(schema) ? 'application/json' : 'application/problem+json';
  return { description, content: { [type]: { schema } } };
}

function isProblem(schema: TSchema): boolean {
  return 'properties' in schema && 'code' in (schema.properties as object);
}
