import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { retryDelivery, stopDelivery } from '../../delivery/commands.ts';
import { deliveryLimits } from '../../delivery/limits.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { OPERATORS } from '../../words/access.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';
import { presentDelivery } from './present.ts';
import type { HttpIntake } from './submissions.ts';

const IdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
const ReasonSchema = Type.Object(
  { reason: Type.Optional(reasonText(deliveryLimits.retryTextLength.value)) },
  { additionalProperties: false },
);

/** `POST /deliveries/{id}/retry` and `/stop`: what a person may do with one delivery. */
export function deliveryRoutes(intake: HttpIntake): FastifyPluginAsyncTypebox {
  const { gate, receiver, commands } = intake;

  async function find(request: object, id: string): Promise<LedgerView> {
    for (const { id: establishment } of gate.establishmentsOf(request, OPERATORS)) {
      const view = receiver.ledger.of(establishment);
      if (await view.delivery(id)) return view;
    }
    throw intake.notFound();
  }

  async function shown(view: LedgerView, id: string, language: Language) {
    const delivery = (await view.delivery(id))!;
    const events = await view.timeline([`delivery:${id}`]);
    return presentDelivery(delivery, events, language, intake.waitingFor);
  }

  return async (app) => {
    const described = { tags: ['deliveries'], security: [{ bearer: [] }], params: IdSchema };

    app.post('/deliveries/:id/retry', {
      schema: { ...described, summary: 'Open a parked delivery again', querystring: ReasonSchema },
      handler: async ({ params: { id }, query, raw, headers }) => {
        const view = await find(raw, id);
        await retryDelivery(commands, view.establishment, id, gate.callerOf(raw).name, query.reason ?? '');
        receiver.onAccepted(id);
        return shown(view, id, languageOf(headers['accept-language']));
      },
    });

    app.post('/deliveries/:id/stop', {
      schema: { ...described, summary: 'Park a delivery at once' },
      handler: async ({ params: { id }, raw, headers }) => {
        const view = await find(raw, id);
        await stopDelivery(commands, view.establishment, id, gate.callerOf(raw).name);
        return shown(view, id, languageOf(headers['accept-language']));
      },
    });
  };
}
