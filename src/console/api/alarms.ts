import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Alarm } from '../../alarms/alarm.ts';
import type { AlarmDesk } from '../../alarms/desk.ts';
import { alarmError } from '../../alarms/errors.ts';
import { alarmLimits } from '../../alarms/limits.ts';
import { presentAlarm } from '../../alarms/message.ts';
import type { AlarmStore } from '../../alarms/store.ts';
import { type Gate, OPERATORS } from '../../words/access.ts';
import type { Role } from '../../words/establishment.ts';
import { reasonText } from '../../words/reason.ts';

export interface AlarmParts {
  gate: Gate;
  desk: AlarmDesk;
  store: AlarmStore;
  /** Address of the pages of what to do. */
  pages: string;
}

/** Who may see what is wrong in an establishment. What is wrong in the whole installation is seen in any. */
const WATCHERS: readonly Role[] = ['it', 'identity', 'unit', 'dim', 'auditor'];

const closed = { additionalProperties: false };
const ListSchema = Type.Object(
  {
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ maxLength: 40 })),
  },
  closed,
);
const IdSchema = Type.Object({ id: Type.String({ maxLength: 40 }) });
const SilenceSchema = Type.Object(
  {
    until: Type.String({ format: 'date-time', description: 'ISO 8601' }),
    reason: reasonText(alarmLimits.textLength.value),
  },
  closed,
);

/** `GET /alarms`: what is and was wrong; `POST /alarms/{id}/acknowledge` and `…/silence`: a person has seen it. */
export function alarmRoutes({ gate, desk, store, pages }: AlarmParts): FastifyPluginAsyncTypebox {
  function seenBy(request: object, roles: readonly Role[], named?: string): (alarm: Alarm) => boolean {
    const own = gate.establishmentsOf(request, roles).map(({ id }) => id);
    if (named !== undefined) return ({ establishment }) => own.includes(named) && establishment === named;
    return ({ establishment }) => own.length > 0 && (establishment === null || own.includes(establishment));
  }

  /** What a caller may act on; anything else is not there. */
  function actedOn(request: object, id: string): { alarm: Alarm; by: string } {
    const alarm = desk.find(id);
    if (!alarm || !seenBy(request, [...OPERATORS, alarm.role])(alarm)) throw alarmError('alarms.not-found');
    return { alarm, by: gate.callerOf(request).name };
  }

  return async (app) => {
    const described = { tags: ['alarms'], security: [{ bearer: [] }] };

    app.get('/alarms', {
      schema: { ...described, summary: 'Alarms, newest first', querystring: ListSchema },
      handler: async ({ raw, query: { state, establishment, limit = 50, cursor } }) => {
        if (establishment !== undefined) gate.establishmentOf(raw, establishment, WATCHERS);
        const seen = seenBy(raw, WATCHERS, establishment);
        const filter = {
          ...(state === undefined ? {} : { open: state === 'open' }),
          ...(cursor === undefined ? {} : { before: cursor }),
        };
        const items = store.list({ ...filter, limit: limit + 1, seen });
        const shown = items.slice(0, limit);
        return {
          items: shown.map((alarm) => presentAlarm(alarm, pages)),
          next: items.length > limit ? shown.at(-1)!.id : null,
        };
      },
    });

    app.post('/alarms/:id/acknowledge', {
      schema: { ...described, summary: 'No reminder of it until it grows worse', params: IdSchema },
      handler: async ({ raw, params }) => {
        const { alarm, by } = actedOn(raw, params.id);
        return presentAlarm(desk.acknowledge(alarm.id, by), pages);
      },
    });

    app.post('/alarms/:id/silence', {
      schema: {
        ...described,
        summary: 'Nothing is told of it until then, even if it closes and returns',
        ...{ params: IdSchema, body: SilenceSchema },
      },
      handler: async ({ raw, params, body: { until, reason } }) => {
        const { alarm, by } = actedOn(raw, params.id);
        return presentAlarm(desk.silence(alarm.id, { by, untilMs: Date.parse(until), reason }), pages);
      },
    });
  };
}
