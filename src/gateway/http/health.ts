import type { FastifyPluginAsync } from 'fastify';

/** `/health/live`: the process answers. `/health/ready`: the ledger can be read and the doors are open. */
export function healthRoutes(readLedger: () => Promise<unknown>): FastifyPluginAsync {
  return async (app) => {
    app.get('/health/live', { schema: { tags: ['gateway'] } }, async () => ({ status: 'live' }));
    app.get('/health/ready', { schema: { tags: ['gateway'] } }, async (_request, reply) => {
      try {
        await readLedger();
        return { status: 'ready' };
      } catch {
        return reply.code(503).send({ status: 'not-ready' });
      }
    });
  };
}
