import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission.ts';

const releases = new WeakMap<FastifyRequest, () => void>();

/** Hook that lets a request in before its body is read, and out when its connection is done with it at the latest. */
export function admit(admission: Admission) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const announced = Number(request.headers['content-length']);
    const leave = admission.enter(Number.isInteger(announced) ? announced : null);
    releases.set(request, leave);
    reply.raw.once('close', leave);
  };
}

/** Lets a request out early: what is durable holds no memory while its sender waits for the outcome. */
export function release(request: FastifyRequest): void {
  releases.get(request)?.();
}
