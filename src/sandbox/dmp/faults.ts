import { type Static, Type } from 'typebox';
import { raise } from './errors.ts';
import { dmpSandboxLimits } from './limits.ts';
import type { Endpoint, Transaction } from './operations.ts';

const closed = { additionalProperties: false };

/** What a scripted fault does, by name. */
export const FAULTS = {
  delay: 'processed, answered delayMs later',
  hang: 'read, not processed, never answered',
  'reset-before': 'read, not processed, the connection is reset',
  'store-then-reset':
    'processed and stored, then the connection is reset before the first byte of the answer',
  'http-500': 'not processed; 500 with a line of text',
  'http-502-html': 'not processed; 502 with the page of a proxy',
  'http-503-html': 'not processed; 503 with the page of a proxy',
  'http-504-html': 'not processed; 504 with the page of a proxy',
  'soap-fault': 'not processed; a SOAP fault by itself',
  'soap-fault-multipart': 'not processed; a SOAP fault in a multipart answer',
  'registry-busy': 'not processed; XDSRepositoryBusy or XDSRegistryBusy',
  'registry-error': 'not processed; XDSRegistryError, which says nothing',
  'success-with-warning': 'processed; a warning is added',
  'several-errors': 'not processed; three errors at once',
  'swapped-error-attributes': 'not processed; errorCode and codeContext exchanged',
  'unknown-error-code': 'not processed; a code of no list',
  'truncated-multipart': 'processed; the answer stops in the middle',
  'odd-boundary': 'processed; multipart answer with a legal boundary that needs quotes',
  'entry-uuid-drift': 'the metadata of the documents concerned get a new version between lookup and use',
} as const;

export type FaultName = keyof typeof FAULTS;

const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export const FaultRuleSchema = Type.Object(
  {
    match: Type.Optional(
      Type.Object(
        {
          path: Type.Optional(
            Type.Union([Type.Literal('repository'), Type.Literal('registry'), Type.Literal('patients')]),
          ),
          transaction: Type.Optional(
            Type.Union([
              Type.Literal('iti-41'),
              Type.Literal('iti-18'),
              Type.Literal('iti-57'),
              Type.Literal('td0.2'),
            ]),
          ),
          uniqueId: Type.Optional(
            Type.String({
              description: 'of a document or lot of the message, or of a document that it aims at',
            }),
          ),
        },
        { ...closed, description: 'what a request must be; absent: any request' },
      ),
    ),
    fault: Type.Enum(FAULT_NAMES),
    times: Type.Optional(
      Type.Integer({ minimum: 1, description: 'the next n that match; 1 when every is absent' }),
    ),
    every: Type.Optional(Type.Integer({ minimum: 1, description: 'each n-th that matches' })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
  },
  closed,
);

export type FaultRule = Static<typeof FaultRuleSchema>;

/** What a request is, for the rules. */
export interface FaultSubject {
  endpoint: Endpoint;
  /** null when the envelope could not be read. */
  transaction: Transaction | null;
  uniqueIds: readonly string[];
}

/** A rule with what became of it. */
export interface ScriptedFault extends FaultRule {
  /** Requests that matched. */
  seen: number;
  fired: number;
}

/** The scripted faults of a running simulator, in the order given: of those whose turn it is the first is played. */
export class FaultScript {
  #rules: ScriptedFault[] = [];

  /** @throws ViaducError `sandbox.admin-conflict` when there are too many */
  add(rules: readonly FaultRule[]): void {
    const limit = dmpSandboxLimits.faultRules.value;
    if (this.#rules.length + rules.length > limit) throw raise('sandbox.admin-conflict', { limit });
    this.#rules.push(...rules.map((rule) => ({ ...rule, seen: 0, fired: 0 })));
  }

  list(): readonly ScriptedFault[] {
    return this.#rules;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that a request meets, or null. Every rule that matches counts it. */
  next(subject: FaultSubject): ScriptedFault | null {
    const matching = this.#rules.filter((rule) => matches(rule, subject));
    for (const rule of matching) rule.seen += 1;
    const chosen = matching.find(isDue) ?? null;
    if (chosen) chosen.fired += 1;
    return chosen;
  }
}

function matches({ match = {} }: FaultRule, { endpoint, transaction, uniqueIds }: FaultSubject): boolean {
  if (match.path && match.path !== endpoint) return false;
  if (match.transaction && match.transaction !== transaction) return false;
  return match.uniqueId === undefined || uniqueIds.includes(match.uniqueId);
}

/** `every` fires on each n-th; `times` bounds how often, alone or with it. */
function isDue(rule: ScriptedFault): boolean {
  const left = rule.fired < (rule.times ?? (rule.every ? Number.POSITIVE_INFINITY : 1));
  return left && (rule.every === undefined || rule.seen % rule.every === 0);
}
