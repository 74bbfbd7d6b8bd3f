import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { holds } from '../../words/access.ts';
import { gatewayError } from '../errors.ts';
import type { HttpGate } from '../http/auth.ts';
import type { Metrics } from './metrics.ts';

interface Reach {
  establishments: readonly string[];
  /** A proxy in front makes every caller look like this machine. */
  behindProxy: boolean;
}

/**
 * `GET /metrics` in the format of Prometheus. The figures are of every establishment, so it answers this machine, and
 * elsewhere only a token that may read (`it` or `auditor`) in all of them.
 */
export function metricsRoute(metrics: Metrics, gate: HttpGate, reach: Reach): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (request) => authorize(request, gate, reach));
    app.get('/metrics', {
      schema: { tags: ['gateway'], summary: 'Figures for Prometheus' },
      handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
    });
  };
}

/** @throws ViaducError `http.unauthenticated`, `http.forbidden` */
function authorize({ raw }: FastifyRequest, gate: HttpGate, { establishments, behindProxy }: Reach): void {
  if (!behindProxy && isThisMachine(raw.socket.remoteAddress) && !raw.headers.authorization) return;
  gate.authenticate(raw);
  const caller = gate.callerOf(raw);
  if (!establishments.every((one) => holds(caller, one, ['it', 'auditor'])))
    throw gatewayError('http.forbidden', { role: 'it / auditor' });
}

function isThisMachine(address: string | undefined): boolean {
  return /^(::ffff:)?127\./.test(address ?? '') || address === '::1';
}
