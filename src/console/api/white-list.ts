import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { deliveryLimits } from '../../delivery/limits.ts';
import type { WhiteList } from '../../delivery/mssante/white-list/white-list.ts';
import { AUDITORS, type Gate, OPERATORS } from '../../words/access.ts';
import { instant } from '../../words/clock.ts';
import { fill } from '../../words/errors.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';
import { consoleError } from '../errors.ts';

export interface WhiteListParts {
  gate: Gate;
  /** Null while MSSanté is not open, or without a list. */
  whiteList: WhiteList | null;
  /** How many establishments the gateway has. */
  establishments: number;
  /** Told of a list that a person took: what came of it, who and why. */
  onAccepted(about: { sha256: string; by: string; reason: string }): void;
}

const closed = { additionalProperties: false };
const AcceptSchema = Type.Object(
  {
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'of the list that waits, as it was shown',
    }),
    reason: reasonText(deliveryLimits.retryTextLength.value),
  },
  closed,
);

/** `GET /mssante/white-list`, `POST …/accept`: by which domains recipients are judged, and the list that waits for a person. */
export function whiteListRoutes(parts: WhiteListParts): FastifyPluginAsyncTypebox {
  const { gate, onAccepted } = parts;
  const open = (): WhiteList => parts.whiteList ?? never();
  return async (app) => {
    const described = { tags: ['mssante'], security: [{ bearer: [] }] };

    app.get('/mssante/white-list', {
      schema: { ...described, summary: 'White list of MSSanté: in use, waiting for a person, last problem' },
      handler: async ({ raw, headers }) => {
        if (gate.establishmentsOf(raw, AUDITORS).length === 0) throw consoleError('console.not-found');
        return presentList(open(), languageOf(headers['accept-language']));
      },
    });

    app.post('/mssante/white-list/accept', {
      schema: {
        ...described,
        summary: 'Take the list that waits because it lost too many domains; that very list, by its digest',
        body: AcceptSchema,
      },
      handler: async ({ raw, headers, body: { sha256, reason } }) => {
        const by = operatorOf(gate, raw, parts.establishments);
        open().accept(sha256);
        onAccepted({ sha256, by, reason });
        return presentList(open(), languageOf(headers['accept-language']));
      },
    });
  };
}

/** The list judges for every establishment: only who operates them all may change it, and is named. */
function operatorOf(gate: Gate, request: object, establishments: number): string {
  if (gate.establishmentsOf(request, OPERATORS).length < establishments)
    throw consoleError('console.not-found');
  return gate.callerOf(request).name;
}

function presentList(whiteList: WhiteList, language: Language) {
  const { inUse, waiting, problem, readMs } = whiteList.state;
  return {
    ...{ inUse, waiting: waiting && { ...waiting, lost: whiteList.lost() } },
    problem: problem && {
      ...{ code: problem.code, message: problem.words[language] },
      remedy: fill(problem.entry.remedy[language], problem.values, language),
    },
    readAt: readMs === null ? null : instant(readMs),
  };
}

function never(): never {
  throw consoleError('console.white-list-none');
}
