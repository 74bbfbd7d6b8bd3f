import { type Static, Type } from 'typebox';
import { RETENTION_RULES, type Retention, type RetentionPolicy } from '../ledger/retention.ts';
import type { RetentionRule } from '../words/events.ts';

const time = (description: string) =>
  Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,4}[dy]|forever)$', description }));

/** `retention` of `viaduc.yaml`: days (`30d`), years of 365 days (`10y`) or `forever`, for each rule. */
export const RetentionSchema = Type.Object(
  {
    refused: time('documents refused at the door, with their reports'),
    delivered: time('documents of what was delivered'),
    undelivered: time('documents of what ended otherwise'),
    wire: time('what was sent and answered'),
    record: time('request, facts and findings of what was accepted, with the traits'),
    sweepHours: Type.Optional(Type.Number({ minimum: 0.01, maximum: 168 })),
  },
  { additionalProperties: false },
);

export interface RetentionConfig {
  policy: RetentionPolicy;
  /** Between two sweeps, and before the first. */
  sweepMs: number;
}

/** What is kept when the file does not say. docs/gdpr.md gives the reasons. */
const DEFAULTS: Readonly<Record<RetentionRule, string>> = {
  refused: '30d',
  delivered: '365d',
  undelivered: '365d',
  wire: '10y',
  record: '10y',
};

export function retentionOf(given: Static<typeof RetentionSchema> = {}): RetentionConfig {
  const rules = RETENTION_RULES.map((rule) => [rule, parse(given[rule] ?? DEFAULTS[rule])]);
  return {
    policy: Object.fromEntries(rules) as RetentionPolicy,
    sweepMs: (given.sweepHours ?? 6) * 3_600_000,
  };
}

const DAY_MS = 86_400_000;

function parse(text: string): Retention {
  if (text === 'forever') return null;
  return { text, ms: Number.parseInt(text, 10) * (text.endsWith('y') ? 365 : 1) * DAY_MS };
}
