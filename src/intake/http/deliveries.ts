import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { closeUnconfirmed, retryDelivery, stopDelivery } from '../../delivery/commands.ts';
import { deliveryLimits } from '../../delivery/limits.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { OPERATORS } from '../../words/access.ts';
import { languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';
import { presentDelivery } from './present.ts';
import { type HttpIntake, sightOf } from './submissions.ts';

const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
const ReasonSchema = Type.Object(
  { reason: Type.Optional(reasonText(deliveryLimits.retryTextLength.value)) },
  { additionalProperties: false },
);
const CloseSchema = Type.Object(
  { reason: reasonText(deliveryLimits.retryTextLength.value) },
  { additionalProperties: false },
);

/** `POST /deliveries/{id}/retry`, `/stop` and `/close`: what a person may do with one delivery. */
export function deliveryRoutes(intake: HttpIntake): FastifyPluginAsyncTypebox {
  const { gate, receiver, commands } = intake;

  async function find(request: object, id: string): Promise<LedgerView> {
    for (const { id: establishment } of gate.establishmentsOf(request, OPERATORS)) {
      const view = receiver.ledger.of(establishment);
      if (await view.delivery(id)) return view;
    }
    throw intake.notFound();
  }

  async function shown(view: LedgerView, id: string, request: FastifyRequest) {
    const delivery = (await view.delivery(id))!;
    const events = await view.timeline([`delivery:${id}`]);
    const language = languageOf(request.headers['accept-language']);
    return presentDelivery(
      view,
      delivery,
      events,
      sightOf(intake, request.raw, view.establishment, language),
    );
  }

  return async (app) => {
    const described = { tags: ['deliveries'], security: [{ bearer: [] }], params: IdSchema };

    app.post('/deliveries/:id/retry', {
      schema: { ...described, summary: 'Open a parked delivery again', querystring: ReasonSchema },
      handler: async (request) => {
        const { raw, query } = request;
        const { id } = request.params;
        const view = await find(raw, id);
        await retryDelivery(commands, view.establishment, id, gate.callerOf(raw).name, query.reason ?? '');
        receiver.onAccepted(id);
        return shown(view, id, request);
      },
    });

    app.post('/deliveries/:id/stop', {
      schema: { ...described, summary: 'Park a delivery at once' },
      handler: async (request) => {
        const { id } = request.params;
        const view = await find(request.raw, id);
        await stopDelivery(commands, view.establishment, id, gate.callerOf(request.raw).name);
        return shown(view, id, request);
      },
    });

    app.post('/deliveries/:id/close', {
      schema: {
        ...described,
        summary: 'End a mail of which nobody knows whether it arrived, without confirmation',
        description: 'A receipt that comes later still says what became of it.',
        querystring: CloseSchema,
      },
      handler: async (request) => {
        const { id } = request.params;
        const view = await find(request.raw, id);
        const act = { by: gate.callerOf(request.raw).name, reason: request.query.reason };
        await closeUnconfirmed(commands, view.establishment, id, act);
        receiver.onAccepted(id);
        return shown(view, id, request);
      },
    });
  };
}
