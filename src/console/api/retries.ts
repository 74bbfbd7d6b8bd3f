import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { deliveryLimits } from '../../delivery/limits.ts';
import { retryError } from '../../delivery/retries/errors.ts';
import { retryLimits } from '../../delivery/retries/limits.ts';
import { keyDigest, type Preview, wasPreviewOf } from '../../delivery/retries/preview.ts';
import {
  pauseRetry,
  progressOf,
  type RetryTools,
  resumeRetry,
  startRetry,
  stopRetry,
} from '../../delivery/retries/retries.ts';
import { sentenceOf } from '../../delivery/sentence.ts';
import type { RetryCandidate, RetryRow } from '../../ledger/view-retries.ts';
import { type Gate, OPERATORS } from '../../words/access.ts';
import { instant } from '../../words/clock.ts';
import type { Role } from '../../words/establishment.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';
import type { RetryFilter } from '../../words/retry.ts';

export interface RetryParts {
  gate: Gate;
  tools: RetryTools;
}

const WATCHERS: readonly Role[] = [...OPERATORS, 'auditor'];

const closed = { additionalProperties: false };
const texts = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      ...{ maxItems: retryLimits.listedValues.value, description },
    }),
  );
const FilterSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Optional(
      Type.Union([Type.Literal('parked'), Type.Literal('held'), Type.Literal('refused')], {
        description: 'parked when absent; refused has ended, and is refused with what to do instead',
      }),
    ),
    code: texts('why they stand still'),
    sender: texts('by whom they were sent'),
    type: texts('type codes of documents'),
    destination: Type.Optional(Type.Union([Type.Literal('dmp'), Type.Literal('mssante')])),
    holdOrigin: Type.Optional(
      Type.Array(Type.Union([Type.Literal('request'), Type.Literal('rule'), Type.Literal('person')]), {
        ...{ maxItems: 3, description: 'from where the holds are; rule when absent' },
      }),
    ),
    holdReason: texts('what the holds say'),
    from: Type.Optional(Type.String({ maxLength: 40, description: 'received since, ISO 8601' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'received before, ISO 8601' })),
  },
  closed,
);
const StartSchema = Type.Object(
  {
    reason: reasonText(deliveryLimits.retryTextLength.value),
    ratePerMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: retryLimits.ratePerMinute.value,
        description: 'deliveries a minute',
      }),
    ),
  },
  closed,
);
const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
const KeySchema = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});
const ListSchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  closed,
);

type Act = (tools: RetryTools, establishment: string, id: string, by: string) => Promise<RetryRow>;

/** `POST /retries`: what a filter finds, and nothing happens; `…/{id}/start`, `pause`, `resume`, `stop`; how far it is. */
export function retryRoutes({ gate, tools }: RetryParts): FastifyPluginAsyncTypebox {
  const { ledger, previews } = tools;

  /** The establishment of a run or preview, among those of the caller. */
  async function placeOf(request: object, id: string, roles: readonly Role[]): Promise<string> {
    const preview = previews.find(id);
    for (const { id: own } of gate.establishmentsOf(request, roles))
      if (preview?.establishment === own || (await ledger.of(own).retries.run(id))) return own;
    const own = gate.establishmentsOf(request, roles).find((one) => wasPreviewOf(one.id, id));
    throw retryError(own ? 'retry.preview-gone' : 'retry.unknown');
  }

  async function shown(establishment: string, run: RetryRow, language: Language) {
    return presentRun(run, progressOf(await ledger.of(establishment).retries.counts(run.id)), language);
  }

  return async (app) => {
    const described = { tags: ['retries'], security: [{ bearer: [] }] };

    app.post('/retries', {
      schema: {
        ...described,
        summary: 'What a filter finds; nothing happens',
        body: FilterSchema,
        headers: KeySchema,
      },
      handler: async ({ raw, body, headers }) => {
        const { id: establishment } = gate.establishmentOf(raw, body.establishment, OPERATORS);
        const given = headers['idempotency-key'];
        const key = given === undefined ? null : keyDigest(gate.callerOf(raw).token, given);
        const language = languageOf(headers['accept-language']);
        const started = key === null ? null : await ledger.of(establishment).retries.byKey(key);
        if (started) return shown(establishment, started, language);
        return presentPreview(await previews.make(establishment, filterOf(body), key), language);
      },
    });

    app.post('/retries/:id/start', {
      schema: { ...described, summary: 'Open what was found', params: IdSchema, body: StartSchema },
      handler: async ({ raw, params: { id }, body, headers }) => {
        const establishment = await placeOf(raw, id, OPERATORS);
        const { reason, ratePerMinute = retryLimits.defaultRatePerMinute.value } = body;
        const start = { by: gate.callerOf(raw).name, reason, ratePerMinute };
        const run = await startRetry(tools, establishment, id, start);
        return shown(establishment, run, languageOf(headers['accept-language']));
      },
    });

    const act = (verb: string, summary: string, doIt: Act) =>
      app.post(`/retries/:id/${verb}`, {
        schema: { ...described, summary, params: IdSchema },
        handler: async ({ raw, params: { id }, headers }) => {
          const establishment = await placeOf(raw, id, OPERATORS);
          const run = await doIt(tools, establishment, id, gate.callerOf(raw).name);
          return shown(establishment, run, languageOf(headers['accept-language']));
        },
      });
    act('pause', 'Open none until it is resumed', pauseRetry);
    act('resume', 'Go on', resumeRetry);
    act('stop', 'Open none any more, and take back what has not been touched', stopRetry);

    app.get('/retries', {
      schema: { ...described, summary: 'Runs of retries, newest first', querystring: ListSchema },
      handler: async ({ raw, query: { establishment: named, limit = 50, cursor }, headers }) => {
        const { id: establishment } = gate.establishmentOf(raw, named, WATCHERS);
        const before = cursor === undefined ? {} : { before: Number(cursor) };
        const { items, next } = await ledger.of(establishment).retries.list({ ...before, limit });
        const language = languageOf(headers['accept-language']);
        return { items: await Promise.all(items.map((run) => shown(establishment, run, language))), next };
      },
    });

    app.get('/retries/:id', {
      schema: { ...described, summary: 'How far a run is, and what became of it', params: IdSchema },
      handler: async ({ raw, params: { id }, headers }) => {
        const establishment = await placeOf(raw, id, WATCHERS);
        const language = languageOf(headers['accept-language']);
        const run = await ledger.of(establishment).retries.run(id);
        return run ? shown(establishment, run, language) : presentPreview(previews.find(id)!, language);
      },
    });
  };
}

function filterOf(body: Static<typeof FilterSchema>): RetryFilter {
  const { state: standing = 'parked', code: codes, sender: senders, type: types, ...rest } = body;
  if (standing === 'refused') throw retryError('retry.refused-final');
  const { establishment: _, holdOrigin: holdOrigins, holdReason: holdReasons, ...period } = rest;
  return { standing, ...defined({ codes, senders, types, holdOrigins, holdReasons }), ...period };
}

function defined<T extends object>(members: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: NonNullable<T[K]>;
  }>;
}

function presentPreview({ id, filter, atMs, found }: Preview, language: Language) {
  const causes = Map.groupBy(found, (one) => JSON.stringify(causeOf(one, filter)));
  return {
    ...{ id, state: 'preview', filter: presentFilter(filter), count: found.length },
    at: instant(atMs),
    until: instant(atMs + retryLimits.previewMs.value),
    causes: [...causes.values()].map((all) => {
      const { code, hold } = causeOf(all[0]!, filter);
      return { ...worded(code, language), hold, count: all.length };
    }),
    sample: found.slice(0, retryLimits.sample.value).map(({ version: _, ...one }) => one),
  };
}

/** Why it stands still: its code, and the hold where that is the reason: from where, why, by whom. */
function causeOf({ code, hold }: RetryCandidate, { standing }: RetryFilter) {
  if (!hold || (standing !== 'held' && code !== 'delivery.hold-escalated')) return { code, hold: null };
  const { origin, reason, by } = hold;
  return { code: standing === 'held' ? 'delivery.held' : code, hold: { origin, reason, by } };
}

function worded(code: string | null, language: Language) {
  const said = code === null ? null : sentenceOf(code);
  return { code, message: said?.message[language] ?? null, remedy: said?.remedy?.[language] ?? null };
}

function presentFilter({ standing, codes, senders, types, holdOrigins, holdReasons, ...rest }: RetryFilter) {
  const holds = { holdOrigin: holdOrigins, holdReason: holdReasons };
  return { state: standing, ...defined({ code: codes, sender: senders, type: types, ...holds }), ...rest };
}

function presentRun(run: RetryRow, progress: ReturnType<typeof progressOf>, language: Language) {
  const { id, state, filter, count, startedAt, startedBy, reason, ratePerMinute, changedAt, changedBy } = run;
  return {
    ...{ id, state, filter: presentFilter(filter), count, startedAt, startedBy, reason, ratePerMinute },
    ...{ changedAt, changedBy, ...progress },
    codes: Object.entries(progress.codes).map(([code, found]) => ({
      ...worded(code, language),
      count: found,
    })),
  };
}
