import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { REASONS } from '../../delivery/mssante/message/read.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { AnswerRow, IntegrationRow, SortedRow } from '../../ledger/view-integrations.ts';
import type { MailRow } from '../../ledger/views.ts';
import { OPERATORS } from '../../words/access.ts';
import { instant } from '../../words/clock.ts';
import type { ErrorCatalogue } from '../../words/errors.ts';
import type { Role } from '../../words/establishment.ts';
import { isReason, reasonText } from '../../words/reason.ts';
import { xdmErrors } from '../../xds/xdm/errors.ts';
import { intakeError } from '../errors.ts';
import { closeIntegration, resumeIntegration, resumeMail } from '../mailbox/commands.ts';
import { APPLICATION_ERRORS, mailboxErrors } from '../mailbox/errors.ts';
import type { HttpIntake } from './submissions.ts';

/** Who may see what came in, and read a mail with a reason that is written down. */
const READERS: readonly Role[] = ['it', 'identity', 'auditor'];
/** Who may decide on it. */
const DECIDERS: readonly Role[] = [...OPERATORS, 'identity'];

const closed = { additionalProperties: false };
const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    kind: Type.Optional(Type.String({ maxLength: 16 })),
    mailbox: Type.Optional(Type.String({ maxLength: 64 })),
    outcome: Type.Optional(Type.Union([Type.Literal('handed-on'), Type.Literal('set-aside')])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  closed,
);
const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
const ReasonSchema = Type.Object({ reason: reasonText(200) }, closed);
const HeadersSchema = Type.Object({
  'viaduc-reason': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'why it is read, as the reference of a request; never who the patient is',
    }),
  ),
});

/**
 * `GET /mails`: what came into the mailboxes and what became of it; `…/raw`: the bytes, whose reading is recorded; `…/resume`,
 * `/integrations/{id}/resume` and `/close`: what a person may do. Subjects, addresses and names are in the bytes alone.
 */
export function mailRoutes(
  { gate, receiver, notFound }: Pick<HttpIntake, 'gate' | 'receiver' | 'notFound'>,
  onDecided: () => void,
): FastifyPluginAsyncTypebox {
  const { ledger, clock } = receiver;
  const tools = { ledger, clock };

  async function find(request: object, id: string, roles: readonly Role[]) {
    for (const { id: establishment } of gate.establishmentsOf(request, roles)) {
      const view = ledger.of(establishment);
      const mail = await view.mails.mail(id);
      if (mail) return { view, mail };
    }
    throw notFound();
  }

  async function findIntegration(request: object, id: string) {
    for (const { id: establishment } of gate.establishmentsOf(request, DECIDERS)) {
      const integration = await ledger.of(establishment).integrations.integration(id);
      if (integration) return { establishment, integration };
    }
    throw notFound();
  }

  return async (app) => {
    const described = { tags: ['mails'], security: [{ bearer: [] }] };

    app.get('/mails', {
      schema: {
        ...described,
        summary: 'What came into the mailboxes, newest first',
        querystring: ListSchema,
      },
      handler: async ({ raw, query }) => {
        const { establishment, limit = 50, cursor, ...filter } = query;
        const view = ledger.of(gate.establishmentOf(raw, establishment, READERS).id);
        const before = cursor ? { before: Number(cursor) } : {};
        const { items, next } = await view.integrations.mails({ ...filter, ...before, limit });
        return { items: await Promise.all(items.map((one) => presentMail(view, one))), next };
      },
    });

    app.get('/mails/:id', {
      schema: { ...described, summary: 'One mail, its documents and its answer', params: IdSchema },
      handler: async ({ raw, params }) => {
        const { view, mail } = await find(raw, params.id, READERS);
        return presentWhole(view, mail);
      },
    });

    app.get('/mails/:id/raw', {
      schema: {
        ...{ ...described, params: IdSchema, headers: HeadersSchema },
        summary: 'A mail as it came; the reading is recorded',
        description: 'The header `Viaduc-Reason` says why. 410 when it was destroyed, with the decision.',
      },
      handler: async ({ raw, params, headers }, reply) => {
        const { view, mail } = await find(raw, params.id, READERS);
        const reason = headers['viaduc-reason']?.trim();
        if (!reason || !isReason(reason)) throw intakeError('request.reading-unexplained');
        const bytes = await view.body(mail.body.id);
        const [first] = await view.integrations.ofMail(mail.id);
        const person = first?.person ?? mail.person;
        const data = { mail: mail.id, by: gate.callerOf(raw).name, reason };
        const subject = person === null ? null : { person };
        const event = { type: 'mail.read' as const, data, subject };
        await ledger.append({ establishment: view.establishment, nowMs: clock.now(), events: [event] });
        return reply.header('Cache-Control', 'no-store').type('message/rfc822').send(bytes);
      },
    });

    app.post('/mails/:id/resume', {
      schema: {
        ...{ ...described, params: IdSchema, querystring: ReasonSchema },
        summary: 'Have a mail that was set aside sorted again, by the settings of now',
      },
      handler: async ({ raw, params, query }) => {
        const { view, mail } = await find(raw, params.id, DECIDERS);
        const sorted = await view.integrations.sorted(mail.id);
        const asked = { by: gate.callerOf(raw).name, reason: query.reason };
        await resumeMail(tools, view.establishment, { id: mail.id, sorted }, asked);
        onDecided();
        return presentWhole(view, mail);
      },
    });

    app.post('/integrations/:id/resume', {
      schema: { ...described, summary: 'Hand a parked document on again, same MSH-10', params: IdSchema },
      handler: async ({ raw, params }) => {
        const { establishment, integration } = await findIntegration(raw, params.id);
        await resumeIntegration(tools, establishment, integration, gate.callerOf(raw).name);
        onDecided();
        return presentIntegration((await ledger.of(establishment).integrations.integration(params.id))!);
      },
    });

    app.post('/integrations/:id/close', {
      schema: {
        ...{ ...described, params: IdSchema, querystring: ReasonSchema },
        summary: 'Give a parked document up; its author is told (906)',
      },
      handler: async ({ raw, params, query }) => {
        const { establishment, integration } = await findIntegration(raw, params.id);
        const asked = { by: gate.callerOf(raw).name, reason: query.reason };
        await closeIntegration(tools, establishment, integration, asked);
        onDecided();
        return presentIntegration((await ledger.of(establishment).integrations.integration(params.id))!);
      },
    });
  };
}

async function presentMail(view: LedgerView, { id, receivedAt, mailbox, kind, reason }: MailRow) {
  const sorted = kind === 'document' ? await view.integrations.sorted(id) : null;
  const words = reason === null ? null : REASONS[reason as keyof typeof REASONS];
  return { id, receivedAt, mailbox, kind, reason, message: words?.fr ?? null, ...presentSorted(sorted) };
}

function presentSorted(sorted: SortedRow | null) {
  const { outcome = null, code = null, why = null } = sorted ?? {};
  const { message = null, remedy = null } = wordsOf(code) ?? {};
  return {
    outcome,
    code,
    why: why?.fr ?? message?.fr.replace(/\{\w+\}/g, '…') ?? null,
    remedy: remedy?.fr ?? null,
  };
}

async function presentWhole(view: LedgerView, mail: MailRow) {
  const documents = await view.integrations.ofMail(mail.id);
  const answer = await view.integrations.answer(mail.id);
  return {
    ...(await presentMail(view, mail)),
    documents: documents.map(presentIntegration),
    answer: answer && presentAnswer(answer),
  };
}

function presentIntegration(row: IntegrationRow) {
  const { id, place, controlId, consumer, state, attempts, code, dueAtMs, endedAt, content } = row;
  const { operation, replaces, visibility, document, codes } = content;
  const { uniqueId, typeCode, level, verdict, body } = document;
  return {
    ...{ id, place, uniqueId, typeCode, level, operation, replaces, visibility, codes },
    ...{ sha256: body.sha256, size: body.size, verdict },
    ...{ consumer, controlId, state, attempts, code, message: messageOf(code) },
    ...{ dueAt: dueAtMs === null ? null : instant(dueAtMs), endedAt },
  };
}

function presentAnswer({ id, state, attempts, code, at, sentAt, content }: AnswerRow) {
  const { kind = null, errors = [] } = content ?? {};
  return { id, kind, errors, state, attempts, code, message: messageOf(code), decidedAt: at, sentAt };
}

function messageOf(code: string | null): string | null {
  return code === null ? null : (APPLICATION_ERRORS[code] ?? wordsOf(code)?.message.fr ?? null);
}

function wordsOf(code: string | null) {
  const all: ErrorCatalogue = { ...xdmErrors, ...mailboxErrors };
  return code === null ? null : (all[code] ?? null);
}
