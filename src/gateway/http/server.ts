import fastifyMultipart from '@fastify/multipart';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { DOCUMENT_TYPES } from '../../intake/http/body.ts';
import { intakeLimits } from '../../intake/limits.ts';
import type { ViaducError } from '../../words/errors.ts';
import type { Config } from '../config.ts';
import { readDoorTls } from '../door-tls.ts';
import { gatewayError } from '../errors.ts';
import { product } from '../product.ts';
import type { HttpGate } from './auth.ts';
import { describeRoute } from './description.ts';
import { answerError, answerUnreadable } from './problem.ts';

export interface HttpServerOptions {
  config: Config['http'];
  log: Logger;
  gate: HttpGate;
  /** Routes below `/api` and `/api/v1`, behind the gate. */
  routes: FastifyPluginAsync[];
  /** Routes anybody may ask: health. */
  open: FastifyPluginAsync[];
  /** Told of every answer: the route as registered, the status, and how long it took. */
  onAnswered(method: string, route: string | undefined, status: number, elapsedMs: number): void;
}

/** The HTTP server with what holds for every route: who asks, how much, and how errors are told. */
export async function makeHttpServer({
  config,
  log,
  gate,
  routes,
  open,
  onAnswered,
}: HttpServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...(config.tls ? { https: readDoorTls(config.tls) } : {}),
    loggerInstance: log,
    // A line for each request would tell stays and identifiers to the log; metrics count them instead.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: intakeLimits.documentBytes.value,
    trustProxy: config.behindProxy,
    requestTimeout: 120_000,
    frameworkErrors: answerError as never,
    clientErrorHandler: answerUnreadable,
    routerOptions: { maxParamLength: 200 },
    // Version 1 is the only one so far: both names of it are the same routes.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/api\/v1(?=\/|$)/, '/api'),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answerError(notFound(app, request), request, reply));
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) =>
    onAnswered(method, routeOptions.url, statusCode, elapsedTime),
  );
  app.addHook('onRequest', async ({ headers }) => refuseEncoded(headers['content-encoding']));
  app.addContentTypeParser(DOCUMENT_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(fastifyMultipart, {
    limits: { fileSize: intakeLimits.documentBytes.value, files: 3, fields: 0, parts: 4 },
    // A part without a file name would be decoded as text, and the bytes of a document are never touched.
    ...({ isPartAFile: () => true } as object),
  });
  await app.register(fastifyRateLimit, {
    max: config.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) =>
      gatewayError('http.too-many-requests', { seconds: Math.ceil(ttl / 1000) }),
  });
  await registerDocumentation(app as unknown as FastifyInstance);
  for (const plugin of open) await app.register(plugin);
  await app.register(behindGate(gate, routes), { prefix: '/api' });
  return app as unknown as FastifyInstance;
}

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] as const;

interface Routed {
  findRoute(asked: { method: (typeof METHODS)[number]; url: string }): unknown;
}

/** A known address with another method says so; anything else is not there. */
function notFound(app: Routed, { method, url }: FastifyRequest): ViaducError {
  const path = url.split('?')[0]!;
  const allowed = METHODS.filter(
    (other) => other !== method && app.findRoute({ method: other, url: path }) !== null,
  ).join(', ');
  return allowed === ''
    ? gatewayError('http.not-found')
    : gatewayError('http.method-not-allowed', { method, allowed });
}

/** What is compressed would be judged as it came, and be no XML: better to say why. */
function refuseEncoded(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    throw gatewayError('http.unsupported-encoding', { encoding: encoding.slice(0, 40) });
}

function behindGate(gate: HttpGate, routes: FastifyPluginAsync[]): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (request) => gate.authenticate(request.raw));
    for (const plugin of routes) await app.register(plugin);
  };
}

async function registerDocumentation(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    transform: describeRoute as never,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Viaduc',
        version: product.version,
        description: 'Gateway to the DMP and MSSanté. Errors are problem+json (RFC 9457) with stable codes.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/api/docs' });
}
