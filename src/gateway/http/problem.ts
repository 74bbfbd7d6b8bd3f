import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { intakeLimits } from '../../intake/limits.ts';
import { fill, isViaducError, type ViaducError, type Words } from '../../words/errors.ts';
import { languageOf } from '../../words/language.ts';
import { schemaComplaint } from '../../words/schema-words.ts';
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
    detail: fill(entry.message[language], values, language),
    remedy: fill(entry.remedy[language], values, language),
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
    : (fromFastify(error as FastifyError, request) ?? unforeseen(error, request));
  const problem = problemOf(known, languageOf(request.headers['accept-language']));
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (problem.status === 503 || problem.status === 507) reply.header('Retry-After', '5');
  if (problem.status === 405) reply.header('Allow', String(known.values.allowed));
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

/** Answers what is no HTTP request at all, or none that may be read to its end, as a problem too; then hangs up. */
export function answerUnreadable({ code }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const problem = problemOf(gatewayError(UNREADABLE[code ?? ''] ?? 'http.unreadable'), 'fr');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

const UNREADABLE: Readonly<Record<string, 'http.headers-too-large' | 'http.too-slow'>> = {
  HPE_HEADER_OVERFLOW: 'http.headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'http.too-slow',
};

function fromFastify(error: FastifyError, request: FastifyRequest): ViaducError | null {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return gatewayError('http.too-large', { limit: intakeLimits.documentBytes.value });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return gatewayError('http.unsupported-media-type', {
        type: (request.headers['content-type'] ?? '-').slice(0, 80),
      });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return gatewayError('http.malformed', {
        what: { fr: "le corps n'est pas du JSON", en: 'the body is no JSON' },
      });
    case 'FST_ERR_VALIDATION':
      return gatewayError('http.malformed', { what: complaintOf(error) });
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? gatewayError('http.malformed', { what: error.code ?? 'unreadable' })
        : null;
  }
}

/** What the schema of a route refuses, with its place: `limit …`, `grants.0.role …`. */
function complaintOf({ validation = [], message }: FastifyError): string | Words {
  const complaint = schemaComplaint(validation);
  if (!complaint) return message.slice(0, 200);
  const { place, what } = complaint;
  return { fr: `${place} ${what.fr}`.trim(), en: `${place} ${what.en}`.trim() };
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
