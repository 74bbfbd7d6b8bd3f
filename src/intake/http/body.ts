import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import { intakeError } from '../errors.ts';
import { intakeLimits } from '../limits.ts';
import { type RequestInput, RequestInputSchema } from './complete.ts';

/** Media types under which a bare document is taken. */
export const DOCUMENT_TYPES = [
  'application/xml',
  'text/xml',
  'application/hl7-sda+xml',
  'application/octet-stream',
];

/** The document of a request and what its JSON part says of it. */
export interface Carried {
  document: Buffer;
  said: RequestInput | null;
}

/**
 * Reads a bare document, or the parts `request` (JSON) and `document` of a multipart.
 * @throws ViaducError `request.no-document`, `request.too-large`, `request.malformed`
 */
export async function readBody(request: FastifyRequest): Promise<Carried> {
  const carried = request.isMultipart()
    ? await readParts(request)
    : { document: bareBody(request.body), said: null };
  if (carried.document.length === 0) throw intakeError('request.no-document');
  return carried;
}

function bareBody(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

async function readParts(request: FastifyRequest): Promise<Carried> {
  let document: Buffer | null = null;
  let said: RequestInput | null = null;
  for await (const part of request.parts()) {
    if (part.fieldname === 'document') {
      if (document)
        throw intakeError('request.malformed', { where: "part 'document'", what: 'stands twice' });
      document = part.type === 'file' ? await part.toBuffer() : Buffer.from(String(part.value));
    } else if (part.fieldname === 'request') {
      if (said) throw intakeError('request.malformed', { where: "part 'request'", what: 'stands twice' });
      said = parseSaid(part.type === 'file' ? (await part.toBuffer()).toString('utf8') : String(part.value));
    } else
      throw intakeError('request.malformed', {
        where: `part '${part.fieldname.slice(0, 40)}'`,
        what: "is neither 'request' nor 'document'",
      });
  }
  return { document: document ?? Buffer.alloc(0), said };
}

function parseSaid(text: string): RequestInput {
  if (text.length > intakeLimits.requestBytes.value)
    throw intakeError('request.malformed', { where: "part 'request'", what: 'is too long' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw intakeError('request.malformed', { where: "part 'request'", what: 'is no JSON' });
  }
  const [error] = Value.Errors(RequestInputSchema, value);
  if (error)
    throw intakeError('request.malformed', {
      where: `request${error.instancePath.replaceAll('/', '.')}`,
      what: error.message,
    });
  return value as RequestInput;
}
