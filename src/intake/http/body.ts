import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import { isViaducError, type ViaducError, type Words } from '../../words/errors.ts';
import { schemaComplaint } from '../../words/schema-words.ts';
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
 * @throws ViaducError `request.no-document`, `request.not-xml`, `request.malformed`
 */
export async function readBody(request: FastifyRequest): Promise<Carried> {
  const carried = request.isMultipart()
    ? await readParts(request)
    : { document: bareBody(request), said: null };
  if (carried.document.length === 0) throw intakeError('request.no-document');
  return carried;
}

/** A body that the server parsed as something else (JSON, text) is no document. */
function bareBody({ body, headers }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined || body === null) return Buffer.alloc(0);
  throw intakeError('request.not-xml', { type: (headers['content-type'] ?? '-').slice(0, 80) });
}

async function readParts(request: FastifyRequest): Promise<Carried> {
  const parts = await collect(request);
  const said = parts.get('request');
  return { document: parts.get('document') ?? Buffer.alloc(0), said: said ? parseSaid(said) : null };
}

const PART_NAMES = ['request', 'document'];

/** The bytes of each part by its name: no part is decoded or parsed on the way, whatever its own headers say. */
async function collect(request: FastifyRequest): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  try {
    for await (const part of request.files()) {
      const name = part.fieldname.slice(0, 40);
      if (!PART_NAMES.includes(name))
        throw malformedPart(name, {
          fr: "n'est ni « request » ni « document »",
          en: "is neither 'request' nor 'document'",
        });
      if (parts.has(name)) throw malformedPart(name, { fr: 'figure deux fois', en: 'stands twice' });
      parts.set(name, await part.toBuffer());
    }
  } catch (error) {
    if (isViaducError(error) || String((error as { code?: unknown }).code).startsWith('FST_')) throw error;
    const what = {
      fr: 'est illisible : il s’arrête trop tôt, ou sa limite de parties (boundary) manque',
      en: 'cannot be read: it ends too early, or has no boundary',
    };
    throw intakeError('request.malformed', { where: 'multipart', what }, error);
  }
  return parts;
}

function malformedPart(name: string, what: Words): ViaducError {
  return intakeError('request.malformed', {
    where: { fr: `la partie « ${name} »`, en: `part '${name}'` },
    what,
  });
}

function parseSaid(bytes: Buffer): RequestInput {
  const { value: most } = intakeLimits.requestBytes;
  if (bytes.length > most)
    throw malformedPart('request', { fr: `dépasse ${most} octets`, en: `exceeds ${most} bytes` });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformedPart('request', { fr: "n'est pas du JSON", en: 'is no JSON' });
  }
  const complaint = schemaComplaint(Value.Errors(RequestInputSchema, value));
  if (complaint) {
    const where = ['request', complaint.place].filter((one) => one !== '').join('.');
    throw intakeError('request.malformed', { where, what: complaint.what });
  }
  return value as RequestInput;
}
