import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { cancelSubmission } from '../../delivery/commands.ts';
import { type Holder, holdSubmission, releaseSubmission } from '../../delivery/holds.ts';
import { deliveryLimits } from '../../delivery/limits.ts';
import { HOLDERS, holds, OPERATORS } from '../../words/access.ts';
import { languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';
import { answerSubmission, findSubmission, type HttpIntake, sightOf } from './submissions.ts';

const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
const reason = reasonText(deliveryLimits.retryTextLength.value);
const closed = { additionalProperties: false };
const HoldSchema = Type.Object(
  {
    reason,
    until: Type.String({ maxLength: 40, description: 'ISO 8601 with offset' }),
    atEnd: Type.Optional(
      Type.Union([Type.Literal('release'), Type.Literal('escalate')], {
        description:
          'at its date: leave by itself, or wait for a person; as before when it was held, else escalate',
      }),
    ),
  },
  closed,
);
const ReasonSchema = Type.Object({ reason }, closed);

/** `POST /submissions/{id}/hold`, `/release` and `/cancel`: by whoever operates, or by the sender for its own. */
export function holdRoutes(intake: HttpIntake): FastifyPluginAsyncTypebox {
  const { gate, commands, receiver } = intake;

  function holderOf(request: object, establishment: string): Holder {
    const caller = gate.callerOf(request);
    return { name: caller.name, operator: holds(caller, establishment, OPERATORS) };
  }

  return async (app) => {
    const described = { tags: ['submissions'], security: [{ bearer: [] }], params: IdSchema };

    app.post('/submissions/:id/hold', {
      schema: { ...described, summary: 'Keep what has not left from leaving until a date', body: HoldSchema },
      handler: async (request) => {
        const { view, row } = await findSubmission(intake, request, request.params.id, HOLDERS);
        const { establishment } = view;
        await holdSubmission(
          commands,
          establishment,
          row.id,
          request.body,
          holderOf(request.raw, establishment),
        );
        const language = languageOf(request.headers['accept-language']);
        return answerSubmission(view, row.id, sightOf(intake, request.raw, view.establishment, language));
      },
    });

    app.post('/submissions/:id/release', {
      schema: { ...described, summary: 'End a hold before its date', body: ReasonSchema },
      handler: async (request) => {
        const { view, row } = await findSubmission(intake, request, request.params.id, HOLDERS);
        const holder = holderOf(request.raw, view.establishment);
        await releaseSubmission(commands, view.establishment, row.id, request.body.reason, holder);
        receiver.onAccepted(row.id);
        const language = languageOf(request.headers['accept-language']);
        return answerSubmission(view, row.id, sightOf(intake, request.raw, view.establishment, language));
      },
    });

    app.post('/submissions/:id/cancel', {
      schema: { ...described, summary: 'End what has not left', body: ReasonSchema },
      handler: async (request) => {
        const { view, row } = await findSubmission(intake, request, request.params.id, HOLDERS);
        const act = { by: gate.callerOf(request.raw).name, reason: request.body.reason };
        await cancelSubmission(commands, view.establishment, row.id, act);
        receiver.onAccepted(row.id);
        const language = languageOf(request.headers['accept-language']);
        return answerSubmission(view, row.id, sightOf(intake, request.raw, view.establishment, language));
      },
    });
  };
}
