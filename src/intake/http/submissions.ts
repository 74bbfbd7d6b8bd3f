import { hash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Commands } from '../../delivery/commands.ts';
import type { WaitingFor } from '../../delivery/waiting.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, SubmissionRow } from '../../ledger/views.ts';
import { type Gate, holds, onlySenderOf, READERS } from '../../words/access.ts';
import type { Establishment, Sender } from '../../words/establishment.ts';
import { type Language, languageOf } from '../../words/language.ts';
import type { Admission } from '../admission.ts';
import type { Arrival, Reception } from '../arrival.ts';
import { intakeError } from '../errors.ts';
import { intakeLimits } from '../limits.ts';
import { type Receiver, receive } from '../receive.ts';
import { admit, release } from './admit.ts';
import { readBody } from './body.ts';
import { completeRequest, type RequestInput } from './complete.ts';
import { presentFinding, presentListed, presentSubmission, presentVerdict, type Sight } from './present.ts';
import { fromQuery, type SubmissionQuery, SubmissionQuerySchema } from './query.ts';

export interface HttpIntake {
  gate: Gate;
  receiver: Receiver;
  admission: Admission;
  commands: Commands;
  /** The configured sender of a caller in an establishment. @throws ViaducError 403 when it may not send */
  senderOf(request: object, establishment: Establishment, named: string | undefined): Sender;
  /** Ends when every delivery of the submission is final or waits for a person, or after so many milliseconds: false. */
  settled(establishment: string, submission: string, withinMs: number): Promise<boolean>;
  /** Why a delivery has not left. */
  waitingFor(delivery: DeliveryRow): WaitingFor | null;
  /** The error that says that nothing is there. */
  notFound(): Error;
}

const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String()),
    state: Type.Optional(
      Type.Union([
        Type.Literal('refused'),
        Type.Literal('held'),
        Type.Literal('open'),
        Type.Literal('final'),
      ]),
    ),
    sender: Type.Optional(Type.String({ maxLength: 64 })),
    type: Type.Optional(Type.String({ maxLength: 64, description: 'type code of the document' })),
    stay: Type.Optional(Type.String({ maxLength: 64, description: 'administrative file number' })),
    uniqueId: Type.Optional(Type.String({ maxLength: 128 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  { additionalProperties: false },
);

/** `POST /submissions`, and reading them back. */
export function submissionRoutes(intake: HttpIntake): FastifyPluginAsyncTypebox {
  return async (app) => {
    const described = { tags: ['submissions'], security: [{ bearer: [] }] };

    app.post('/submissions', {
      schema: {
        ...described,
        summary: 'Hand over a document to be delivered',
        description:
          'Body: the CDA as it is (application/xml), or multipart/form-data with the parts `request` (JSON) and `document`. 202 means: on disk, and will be delivered. `Prefer: wait=20` waits for the end and answers 200. `Idempotency-Key` makes the request repeatable.',
        consumes: ['application/xml', 'text/xml', 'multipart/form-data'],
        querystring: SubmissionQuerySchema,
      },
      onRequest: admit(intake.admission),
      handler: (request, reply) => submit(intake, request, reply, request.query),
    });

    app.get('/submissions', {
      schema: { ...described, summary: 'Submissions, newest first', querystring: ListSchema },
      handler: async ({ query, ...request }, _reply) => {
        const establishment = intake.gate.establishmentOf(request.raw, query.establishment, READERS);
        const view = intake.receiver.ledger.of(establishment.id);
        const own = onlySenderOf(intake.gate.callerOf(request.raw), establishment.id);
        if (own !== null && query.sender !== undefined && query.sender !== own)
          return { items: [], next: null };
        const { state, type: typeCode, stay: stayNo, uniqueId, limit = 50, cursor } = query;
        const filter = {
          state,
          sender: own ?? query.sender,
          typeCode,
          stayNo,
          uniqueId,
          limit,
          before: cursor === undefined ? undefined : Number(cursor),
        };
        const page = await view.submissions(given(filter));
        return {
          items: await Promise.all(page.items.map((row) => presentListed(view, row, intake.waitingFor))),
          next: page.next,
        };
      },
    });

    app.get('/submissions/:id', {
      schema: { ...described, summary: 'One submission: verdicts, deliveries, time line', params: IdSchema },
      handler: async (request) => {
        const { view, row } = await findSubmission(intake, request, request.params.id, READERS);
        const language = languageOf(request.headers['accept-language']);
        return answerSubmission(view, row.id, sightOf(intake, request.raw, view.establishment, language));
      },
    });
  };
}

/** Leaves out what was not given. */
function given<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as T;
}

async function submit(
  intake: HttpIntake,
  request: FastifyRequest,
  reply: FastifyReply,
  query: SubmissionQuery,
): Promise<unknown> {
  const establishment = intake.gate.establishmentOf(request.raw, query.establishment, ['sender']);
  const sender = intake.senderOf(request.raw, establishment, query.sender);
  const { document, said } = await readBody(request);
  const input = merged(said, fromQuery(query));
  const arrival = arrivalOf(establishment, sender, completeRequest(input, sender), document, keyOf(request));
  const reception = await receive(intake.receiver, arrival);
  release(request);
  reply.header('Location', `/api/submissions/${reception.submission}`);
  if (reception.repeated) reply.header('Idempotent-Replayed', 'true');
  const language = languageOf(request.headers['accept-language']);
  if (!reception.accepted) return refused(reply, reception, language);
  const waitMs = waitOf(request);
  const atRest = waitMs > 0 && (await intake.settled(establishment.id, reception.submission, waitMs));
  const view = intake.receiver.ledger.of(establishment.id);
  const row = (await view.submission(reception.submission))!;
  const done = row.state === 'final' || atRest;
  const sight = sightOf(intake, request.raw, establishment.id, language);
  return reply.code(done ? 200 : 202).send(await presentSubmission(view, row, sight));
}

/** The parts of a multipart and of the address must not speak of the same member. */
function merged(said: RequestInput | null, address: RequestInput): RequestInput {
  if (!said) return address;
  const twice = Object.keys(address).find((member) => member in said);
  if (twice)
    throw intakeError('request.contradictory', {
      what: {
        fr: `« ${twice} » figure dans l'adresse et dans la partie « request »`,
        en: `'${twice}' stands in the address and in the part 'request'`,
      },
    });
  return { ...said, ...address };
}

function arrivalOf(
  establishment: Establishment,
  sender: Sender,
  request: Arrival['request'],
  document: Buffer,
  key: string | null,
): Arrival {
  const digest = hash('sha256', document, 'hex');
  return {
    ...{ establishment, sender, door: 'http', request, documents: [document] },
    requestKey: key === null ? null : hash('sha256', `http\n${sender.id}\n${key}`, 'hex'),
    requestSha256: hash('sha256', `${JSON.stringify(request)}\n${digest}`, 'hex'),
  };
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  const text = String(key).trim();
  if (text === '' || text.length > intakeLimits.requestKeyLength.value) {
    throw intakeError('request.malformed', {
      where: 'Idempotency-Key',
      what: {
        fr: `doit avoir de 1 à ${intakeLimits.requestKeyLength.value} caractères`,
        en: `must have 1 to ${intakeLimits.requestKeyLength.value} characters`,
      },
    });
  }
  return text;
}

/** `Prefer: wait=20` (RFC 7240, section 4.3), in milliseconds. */
function waitOf(request: FastifyRequest): number {
  const found = /(?:^|[,;\s])wait=(\d{1,4})/.exec(String(request.headers.prefer ?? ''));
  return Math.min(Number(found?.[1] ?? 0), intakeLimits.waitSeconds.value) * 1000;
}

function refused(
  reply: FastifyReply,
  { submission, refusal }: Extract<Reception, { accepted: false }>,
  language: Language,
): FastifyReply {
  const [first] = refusal.findings.filter(({ severity }) => severity === 'error');
  return reply
    .code(refusal.status)
    .type('application/problem+json')
    .send({
      type: `https://viaduc.invalid/errors#${refusal.code}`,
      title: refusal.code,
      status: refusal.status,
      code: refusal.code,
      detail: first ? presentFinding(first, language).message : refusal.code,
      instance: `/api/submissions/${submission}`,
      submission,
      findings: refusal.findings.map((finding) => presentFinding(finding, language)),
      verdicts: refusal.verdicts.map((verdict) => presentVerdict(verdict, language)),
    });
}

export async function findSubmission(
  intake: HttpIntake,
  request: FastifyRequest,
  id: string,
  roles: Parameters<Gate['establishmentsOf']>[1],
): Promise<{ view: LedgerView; row: SubmissionRow }> {
  for (const { id: establishment } of intake.gate.establishmentsOf(request.raw, roles)) {
    const view = intake.receiver.ledger.of(establishment);
    const row = await view.submission(id);
    const own = onlySenderOf(intake.gate.callerOf(request.raw), establishment);
    if (row && (own === null || row.sender === own)) return { view, row };
  }
  throw intake.notFound();
}

/** What the caller of a request is shown in an establishment. */
export function sightOf(
  { gate, receiver, waitingFor }: HttpIntake,
  request: object,
  establishment: string,
  language: Language,
): Sight {
  const { ledger, mail } = receiver;
  const whole = holds(gate.callerOf(request), establishment, ['identity']);
  return { language, waitingFor, addresses: { ledger, patientDomain: mail?.patientDomain ?? '', whole } };
}

/** A refusal is shown with its report, anything else with its deliveries. */
export async function answerSubmission(view: LedgerView, id: string, sight: Sight): Promise<unknown> {
  const row = (await view.submission(id))!;
  const { language } = sight;
  const shown = await presentSubmission(view, row, sight);
  if (row.state !== 'refused') return shown;
  const kept = row.personalRef ? await view.personal(row.personalRef) : null;
  const { findings, verdicts } = kept
    ? (JSON.parse(kept.toString('utf8')) as Extract<Reception, { accepted: false }>['refusal'])
    : { findings: [], verdicts: [] };
  return {
    ...shown,
    status: row.status,
    findings: findings.map((one) => presentFinding(one, language)),
    verdicts: verdicts.map((one) => presentVerdict(one, language)),
  };
}
