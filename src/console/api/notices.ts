import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { resumeNotice } from '../../delivery/notices/commands.ts';
import { noticeErrors } from '../../delivery/notices/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { NoticeRow } from '../../ledger/views.ts';
import { type Gate, OPERATORS, onlySenderOf, READERS } from '../../words/access.ts';
import { type Clock, instant } from '../../words/clock.ts';
import { consoleError } from '../errors.ts';

export interface NoticeParts {
  gate: Gate;
  ledger: Ledger;
  clock: Clock;
  /** A notice was resumed. */
  onResumed(): void;
}

const closed = { additionalProperties: false };
const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Optional(
      Type.Union([Type.Literal('due'), Type.Literal('parked'), Type.Literal('acknowledged')]),
    ),
    sender: Type.Optional(Type.String({ maxLength: 64 })),
    submission: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  closed,
);
const ResumeSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    sender: Type.String({ maxLength: 64 }),
  },
  closed,
);

/** `GET /notices`: what senders were told, or wait to be told; `POST …/resume`: takes parked ones up again. */
export function noticeRoutes({ gate, ledger, clock, onResumed }: NoticeParts): FastifyPluginAsyncTypebox {
  async function find(request: object, id: string) {
    for (const { id: establishment } of gate.establishmentsOf(request, OPERATORS)) {
      const notice = await ledger.of(establishment).notice(id);
      if (notice) return { establishment, notice };
    }
    throw consoleError('console.notice-unknown');
  }

  return async (app) => {
    const described = { tags: ['notices'], security: [{ bearer: [] }] };

    app.get('/notices', {
      schema: { ...described, summary: 'Notices to senders, newest first', querystring: ListSchema },
      handler: async ({ raw, query }) => {
        const { id } = gate.establishmentOf(raw, query.establishment, READERS);
        const own = onlySenderOf(gate.callerOf(raw), id);
        const { state, submission, limit = 50, cursor } = query;
        const sender = own ?? query.sender;
        const { items, next } = await ledger.of(id).notices({
          ...{ limit, ...(state ? { state } : {}), ...(submission ? { submission } : {}) },
          ...{ ...(sender === undefined ? {} : { sender }), ...(cursor ? { before: Number(cursor) } : {}) },
        });
        return { items: items.map(presentNotice), next };
      },
    });

    app.post('/notices/:id/resume', {
      schema: {
        ...described,
        summary: 'Take a parked notice up again',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      },
      handler: async ({ raw, params }) => {
        const { establishment, notice } = await find(raw, params.id);
        await resumeNotice({ ledger, clock }, establishment, notice, gate.callerOf(raw).name);
        onResumed();
        return presentNotice((await ledger.of(establishment).notice(notice.id))!);
      },
    });

    app.post('/notices/resume', {
      schema: {
        ...described,
        summary: 'Take all parked notices of a sender up again',
        querystring: ResumeSchema,
      },
      handler: async ({ raw, query }) => {
        const { id } = gate.establishmentOf(raw, query.establishment, OPERATORS);
        const by = gate.callerOf(raw).name;
        let resumed = 0;
        for (;;) {
          const { items } = await ledger
            .of(id)
            .notices({ state: 'parked', sender: query.sender, limit: 200 });
          for (const notice of items) await resumeNotice({ ledger, clock }, id, notice, by);
          resumed += items.length;
          if (items.length < 200) break;
        }
        if (resumed > 0) onResumed();
        return { resumed };
      },
    });
  };
}

function presentNotice(notice: NoticeRow) {
  const { id, kind, sender, submission, controlId, state, attempts, code, content } = notice;
  const words = code === null ? null : noticeErrors[code as keyof typeof noticeErrors];
  return {
    ...{ id, kind, sender, submission, controlId, about: content.origin.controlId },
    ...{ deliveries: content.deliveries, success: content.success, error: content.error },
    ...{ state, attempts, code, message: words?.message.fr ?? null, remedy: words?.remedy.fr ?? null },
    createdAt: notice.createdAt,
    dueAt: notice.dueAtMs === null ? null : instant(notice.dueAtMs),
    acknowledgedAt: notice.acknowledgedAt,
  };
}
