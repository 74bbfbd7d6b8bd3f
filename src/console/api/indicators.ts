import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Definitions } from '../../indicators/catalog.ts';
import { computeIndicators } from '../../indicators/compute.ts';
import type { LedgerFacts } from '../../indicators/ledger-facts.ts';
import type { IndicatorReport } from '../../indicators/report.ts';
import { AUDITORS, type Gate } from '../../words/access.ts';
import { type Clock, instant } from '../../words/clock.ts';
import type { Environment } from '../../words/environment.ts';
import { consoleError } from '../errors.ts';

export interface Figures {
  gate: Gate;
  clock: Clock;
  environment: Environment;
  definitions: Definitions;
  facts: LedgerFacts;
}

const text = (description: string) => Type.Optional(Type.String({ description, maxLength: 64 }));

const FiguresQuerySchema = Type.Object(
  {
    establishment: text('establishment, when the token is good for several'),
    window: text('window of a programme (F2), a half-year (2026-S2), or current'),
    period: text('month, such as 2022-06'),
    from: text('first local day, YYYY-MM-DD'),
    to: text('last local day, YYYY-MM-DD'),
    scope: Type.Optional(Type.Union([Type.Literal('EJ'), Type.Literal('EG')])),
    finess: text('the site of scope EG'),
    asOf: text('instant of knowledge, ISO 8601; now when absent'),
    graceDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 366 })),
    definition: text('identifier of the definition'),
    variant: Type.Optional(Type.Union([Type.Literal('live'), Type.Literal('official')])),
    acrossVariants: Type.Optional(
      Type.Boolean({ description: 'also each figure under every named reading' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'of an opened list' })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);

export type FiguresQuery = Static<typeof FiguresQuerySchema>;

/** `GET /indicators`, and each figure opened into the stays, exams and documents behind it. */
export function indicatorRoutes(figures: Figures): FastifyPluginAsyncTypebox {
  return async (app) => {
    const described = { tags: ['indicators'], security: [{ bearer: [] }], querystring: FiguresQuerySchema };

    app.get('/indicators', {
      schema: { ...described, summary: 'The figures of a window or period' },
      handler: ({ raw, query }) => report(figures, raw, query),
    });

    app.get('/indicators/:code', {
      schema: {
        ...described,
        summary: 'One figure opened',
        params: Type.Object({ code: Type.String({ maxLength: 32 }) }),
      },
      handler: async ({ raw, query, params: { code } }) => {
        const made = await report(figures, raw, query);
        const result = made.indicators.find((one) => one.code === code);
        if (!result) throw consoleError('console.not-found');
        return { ...result, ...made.open(code, { limit: query.limit ?? 200, offset: query.offset ?? 0 }) };
      },
    });

    app.get('/definitions', {
      schema: { tags: ['indicators'], security: [{ bearer: [] }], summary: 'The definitions in force' },
      handler: async () => ({
        items: figures.definitions
          .list()
          .map(({ id, version, label, sha256, windows }) => ({ id, version, label, sha256, windows })),
        next: null,
      }),
    });
  };
}

async function report(figures: Figures, request: object, query: FiguresQuery): Promise<IndicatorReport> {
  const establishment = figures.gate.establishmentOf(request, query.establishment, AUDITORS);
  const { scope = 'EJ', finess, variant = 'live', graceDays, definition, acrossVariants } = query;
  const asked = periodOf(query);
  return computeIndicators({
    ...asked,
    definition: figures.definitions.pick(definition, 'window' in asked ? asked.window : undefined),
    scope: { level: scope, finess },
    variant,
    graceDays,
    acrossVariants,
    asOf: query.asOf ?? instant(figures.clock.now()),
    environment: figures.environment,
    establishment,
    facts: await figures.facts.of(establishment),
  });
}

function periodOf({
  window,
  period,
  from,
  to,
}: FiguresQuery): { window: string } | { period: string } | { from: string; to: string } {
  const ways = [window, period, from ?? to].filter((way) => way !== undefined).length;
  if (ways > 1 || (from === undefined) !== (to === undefined)) throw consoleError('console.period-unclear');
  if (period !== undefined) return { period };
  if (from !== undefined && to !== undefined) return { from, to };
  return { window: window ?? 'current' };
}
