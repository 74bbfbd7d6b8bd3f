import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Commands } from '../../delivery/commands.ts';
import { sentenceOf } from '../../delivery/sentence.ts';
import { type Actor, askWithdrawal } from '../../delivery/withdrawals/ask.ts';
import {
  cancelWithdrawal,
  confirmWithdrawal,
  deletionsOf,
  refuseWithdrawal,
  settleWithdrawal,
} from '../../delivery/withdrawals/decide.ts';
import { withdrawalError } from '../../delivery/withdrawals/errors.ts';
import { type SheetContext, supportSheet } from '../../delivery/withdrawals/sheet.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { type DeliveryRow, WITHDRAWAL_STATES, type WithdrawalRow } from '../../ledger/views.ts';
import type { Gate } from '../../words/access.ts';
import type { Establishment, Role } from '../../words/establishment.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';

export interface WithdrawalParts {
  gate: Gate;
  commands: Commands;
  about: Omit<SheetContext, 'establishment'>;
  /** Something became due, or ended. */
  onDecided(): void;
}

/** Who asks and decides; who else may follow. */
const DECIDERS: readonly Role[] = ['identity'];
const FOLLOWERS: readonly Role[] = ['identity', 'it', 'auditor'];

const closed = { additionalProperties: false };
const EstablishmentSchema = Type.Object(
  { establishment: Type.Optional(Type.String({ maxLength: 64 })) },
  closed,
);
const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Optional(Type.Union(WITHDRAWAL_STATES.map((state) => Type.Literal(state)))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  closed,
);
const reason = reasonText(200);
const AskSchema = Type.Object(
  {
    document: Type.Optional(Type.String({ maxLength: 64, description: 'uniqueId' })),
    submission: Type.Optional(Type.String({ maxLength: 64 })),
    item: Type.Optional(Type.String({ maxLength: 200, description: 'of the work list' })),
    reason,
  },
  closed,
);
const ReasonSchema = Type.Object({ reason }, closed);
const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/**
 * `/withdrawals`: a person of the identity role asks that documents be taken out of the DMP, a second one decides. Traits
 * stand only in the sheet for the support, whose reading is recorded.
 */
export function withdrawalRoutes(parts: WithdrawalParts): FastifyPluginAsyncTypebox {
  const { gate, commands, about, onDecided } = parts;
  const { ledger, clock } = commands;

  async function find(request: object, id: string, roles: readonly Role[] = DECIDERS) {
    for (const establishment of gate.establishmentsOf(request, roles)) {
      const view = ledger.of(establishment.id);
      const row = await view.withdrawal(id);
      if (row) return { establishment, view, row };
    }
    throw withdrawalError('withdrawal.unknown');
  }

  function actorOf(request: object): Actor {
    const { name: by, token } = gate.callerOf(request);
    return { by, token };
  }

  async function shown(view: LedgerView, id: string, language: Language) {
    return present(view, (await view.withdrawal(id))!, language);
  }

  return async (app) => {
    const described = { tags: ['withdrawals'], security: [{ bearer: [] }] };

    app.post('/withdrawals', {
      schema: {
        ...{ ...described, summary: 'Ask for the withdrawal of documents from the DMP' },
        ...{ body: AskSchema, querystring: EstablishmentSchema },
      },
      handler: async ({ raw, body, query, headers }, reply) => {
        const { id: establishment } = gate.establishmentOf(raw, query.establishment, DECIDERS);
        const { reason: why, ...named } = body;
        const id = await askWithdrawal(commands, establishment, named, { ...actorOf(raw), reason: why });
        reply.code(201);
        return shown(ledger.of(establishment), id, languageOf(headers['accept-language']));
      },
    });

    app.get('/withdrawals', {
      schema: { ...described, summary: 'Withdrawals, newest first', querystring: ListSchema },
      handler: async ({ raw, query, headers }) => {
        const view = ledger.of(gate.establishmentOf(raw, query.establishment, FOLLOWERS).id);
        const { state, limit = 50, cursor } = query;
        const filter = { limit, ...(state ? { state } : {}), ...(cursor ? { before: Number(cursor) } : {}) };
        const { items, next } = await view.withdrawals(filter);
        const language = languageOf(headers['accept-language']);
        return { items: await Promise.all(items.map((row) => present(view, row, language))), next };
      },
    });

    app.get('/withdrawals/:id', {
      schema: { ...described, summary: 'A withdrawal and what became of it', params: IdSchema },
      handler: async ({ raw, params, headers }) => {
        const { view, row } = await find(raw, params.id, FOLLOWERS);
        return present(view, row, languageOf(headers['accept-language']));
      },
    });

    app.post('/withdrawals/:id/confirm', {
      schema: { ...described, summary: 'Confirm, as a second person', params: IdSchema },
      handler: async ({ raw, params: { id }, headers }) => {
        const { establishment, view } = await find(raw, id);
        await confirmWithdrawal(commands, establishment.id, id, actorOf(raw));
        onDecided();
        return shown(view, id, languageOf(headers['accept-language']));
      },
    });

    app.post('/withdrawals/:id/cancel', {
      schema: { ...described, summary: 'Take back what has not left', params: IdSchema },
      handler: async ({ raw, params: { id }, headers }) => {
        const { establishment, view } = await find(raw, id);
        await cancelWithdrawal(commands, establishment.id, id, actorOf(raw));
        onDecided();
        return shown(view, id, languageOf(headers['accept-language']));
      },
    });

    for (const [act, summary, decision] of [
      ['refuse', 'Refuse, as a second person', refuseWithdrawal],
      ['settle', 'Say that the support of the DMP has done it', settleWithdrawal],
    ] as const) {
      app.post(`/withdrawals/:id/${act}`, {
        schema: { ...described, summary, params: IdSchema, body: ReasonSchema },
        handler: async ({ raw, params: { id }, body, headers }) => {
          const { establishment, view } = await find(raw, id);
          await decision(commands, establishment.id, id, { ...actorOf(raw), reason: body.reason });
          onDecided();
          return shown(view, id, languageOf(headers['accept-language']));
        },
      });
    }

    app.get('/withdrawals/:id/support-sheet', {
      schema: { ...described, summary: 'The sheet for the support of the DMP', params: IdSchema },
      handler: async ({ raw, params: { id } }, reply) => {
        const { establishment, view, row } = await find(raw, id);
        const sheet = await supportSheet(view, row, { ...about, establishment });
        await recordReading(establishment, id, actorOf(raw));
        return reply.type('text/plain; charset=utf-8').header('Cache-Control', 'no-store').send(sheet);
      },
    });
  };

  function recordReading({ id: establishment }: Establishment, withdrawal: string, actor: Actor) {
    const data = { withdrawal, ...actor };
    return ledger.append({
      ...{ establishment, nowMs: clock.now() },
      events: [{ type: 'withdrawal.sheet-read', data }],
    });
  }
}

async function present(view: LedgerView, row: WithdrawalRow, language: Language) {
  const { id, state, documents, deposits, item, reason: why, asked, decided, ended, submission } = row;
  const deletions = await deletionsOf(view, row);
  return {
    ...{ id, state, documents, deposits, item, reason: why, submission },
    asked: { at: asked.at, by: asked.by },
    decided,
    ended,
    deliveries: deletions.map((one) => presentDeletion(one, language)),
  };
}

function presentDeletion(
  { id, documents, state, outcome, code, finishedAt }: DeliveryRow,
  language: Language,
) {
  const said = code === null ? null : sentenceOf(code);
  return {
    ...{ id, documents, state, outcome, code, finishedAt },
    ...{ message: said?.message[language] ?? null, remedy: said?.remedy?.[language] ?? null },
  };
}
