import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { fill, isViaducError, type ViaducError } from '../../words/errors.ts';
import { gatewayError } from '../errors.ts';

/** Where the codes are explained. The address is a name, as RFC 9457 allows: docs/errors.md holds the text. */
export const ERROR_DOCUMENTATION = 'https://viaduc.invalid/errors';

/** An error as problem+json (RFC 9457): stable code, both languages' choice of words, remedy. Never a stack, never patient data. */
export function problemOf(error: ViaducError, language: 'fr' | 'en') {
  const { code, entry, values } = error;
  return {
    type: `${ERROR_DOCUMENTATION}#${code}`,
    title: code,
    status: entry.status ?? 500,
    code,
    class: entry.class,
    detail: fill(entry.message[language], values),
    remedy: fill(entry.remedy[language], values),
  };
}

/** Answers every error of every route. What is not of the catalogue is logged under a reference and told as that reference. */
export function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = isViaducError(error)
    ? error
    : (fromFastify(error as FastifyError) ?? unforeseen(error, request));
  const english = String(request.headers['accept-language'] ?? '')
    .trim()
    .toLowerCase()
    .startsWith('en');
  const problem = problemOf(known, english ? 'en' : 'fr');
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (problem.status === 503 || problem.status === 507) reply.header('Retry-After', '5');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

function fromFastify(error: FastifyError): ViaducError | null {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return gatewayError('http.too-large', { limit: 'the configured number of' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return gatewayError('http.unsupported-media-type', { type: 'given' });
    case 'FST_ERR_VALIDATION':
      return gatewayError('http.malformed', { what: error.message.slice(0, 200) });
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? gatewayError('http.malformed', { what: error.code ?? 'unreadable' })
        : null;
  }
}

function unforeseen(error: Error, request: FastifyRequest): ViaducError {
  const reference = randomUUID();
  const { name, stack } = error;
  request.log.error({ reference, error: name, stack: framesOf(stack) }, 'unforeseen error');
  return gatewayError('http.internal', { reference });
}

/** The frames of a stack without its message, which may quote what was being read. */
function framesOf(stack: string | undefined): string[] {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
}
