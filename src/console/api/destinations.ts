import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { DestinationState } from '../../delivery/destination-state.ts';
import type { Destinations } from '../../delivery/destinations.ts';
import { deliveryError } from '../../delivery/errors.ts';
import { allRunning } from '../../delivery/lanes.ts';
import { deliveryLimits } from '../../delivery/limits.ts';
import { sentenceOf } from '../../delivery/sentence.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LaneRow } from '../../ledger/views.ts';
import { AUDITORS, type Gate, OPERATORS } from '../../words/access.ts';
import { type Clock, instant } from '../../words/clock.ts';
import { LANES, type Lane } from '../../words/delivery.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { reasonText } from '../../words/reason.ts';

export interface DestinationParts {
  gate: Gate;
  ledger: Ledger;
  clock: Clock;
  destinations: Destinations;
  /** Interrupts every attempt on a destination, and ends when they have ended. */
  interrupt(destination: string): Promise<void>;
}

const closed = { additionalProperties: false };
const IdSchema = Type.Object({ id: Type.String({ maxLength: 200 }) });
const ListSchema = Type.Object({ establishment: Type.Optional(Type.String({ maxLength: 64 })) }, closed);
const ReasonSchema = Type.Object({ reason: reasonText(deliveryLimits.retryTextLength.value) }, closed);

/** `GET /destinations`: where documents go, what waits for each and why; `POST …/stop` and `…/resume`. */
export function destinationRoutes(parts: DestinationParts): FastifyPluginAsyncTypebox {
  const { gate, destinations, interrupt } = parts;

  async function find(request: object, id: string): Promise<string> {
    for (const { id: establishment } of gate.establishmentsOf(request, OPERATORS)) {
      const all = await destinationsOf(parts, establishment, 'fr');
      if (all.some((one) => one.id === id)) return establishment;
    }
    throw deliveryError('delivery.destination-unknown');
  }

  async function shown(establishment: string, id: string, language: Language) {
    return (await destinationsOf(parts, establishment, language)).find((one) => one.id === id);
  }

  return async (app) => {
    const described = { tags: ['destinations'], security: [{ bearer: [] }] };

    app.get('/destinations', {
      schema: { ...described, summary: 'Destinations, what waits for each and why', querystring: ListSchema },
      handler: async ({ raw, query, headers }) => {
        const { id } = gate.establishmentOf(raw, query.establishment, AUDITORS);
        return { items: await destinationsOf(parts, id, languageOf(headers['accept-language'])), next: null };
      },
    });

    app.post('/destinations/:id/stop', {
      schema: {
        ...described,
        summary: 'Stop a destination at once; what is being sent is interrupted and stays in doubt',
        ...{ params: IdSchema, body: ReasonSchema },
      },
      handler: async ({ raw, params: { id }, body: { reason }, headers }) => {
        const establishment = await find(raw, id);
        await destinations.stop(id, gate.callerOf(raw).name, reason);
        await interrupt(id);
        return shown(establishment, id, languageOf(headers['accept-language']));
      },
    });

    app.post('/destinations/:id/resume', {
      schema: {
        ...described,
        summary: 'Let a stopped or parked destination go on, one document first',
        ...{ params: IdSchema, body: ReasonSchema },
      },
      handler: async ({ raw, params: { id }, body: { reason }, headers }) => {
        const establishment = await find(raw, id);
        await destinations.resume(id, gate.callerOf(raw).name, reason);
        return shown(establishment, id, languageOf(headers['accept-language']));
      },
    });
  };
}

/** Those that something goes to or waits for, in order. */
async function destinationsOf(
  { ledger, destinations, clock }: DestinationParts,
  establishment: string,
  language: Language,
) {
  const view = ledger.of(establishment);
  const lanes = (await Promise.all(destinations.kinds.map((kind) => view.lanes(kind)))).flat();
  const known = destinations.known(establishment).map(({ id }) => id);
  const ids = [...new Set([...known, ...lanes.map(({ destination }) => destination)])].toSorted();
  return ids.map((id) => {
    const own = lanes.filter(({ destination }) => destination === id);
    return presentDestination(destinations.of(id), own, clock.now(), language);
  });
}

function presentDestination(
  one: DestinationState,
  lanes: readonly LaneRow[],
  nowMs: number,
  language: Language,
) {
  const { id, standstill, circuit, downCode, circuitSinceMs } = one;
  // While it stands still nothing is asked of it, whatever it was before.
  const code = standstill ? standstill.code : downCode;
  const probeAtMs = standstill ? null : circuit.probeAtMs;
  const said = code === null ? null : sentenceOf(code);
  const oldestAt = lanes.map((lane) => lane.oldestAt).toSorted()[0] ?? null;
  return {
    ...{ id, kind: id.split('.')[0], via: id.split('.').slice(2).join('.') },
    state: standstill?.state ?? circuit.state,
    since: standstill?.since ?? (circuitSinceMs === null ? null : instant(circuitSinceMs)),
    ...{ code, message: said?.message[language] ?? null, remedy: said?.remedy?.[language] ?? null },
    ...{ by: standstill?.by ?? null, reason: standstill?.reason ?? null },
    nextProbeAt: probeAtMs === null ? null : instant(probeAtMs),
    depth: Object.fromEntries(LANES.map((lane) => [lane, depthOf(lanes, lane)])),
    oldestAt,
    oldestAgeSeconds:
      oldestAt === null ? null : Math.max(0, Math.floor((nowMs - Date.parse(oldestAt)) / 1000)),
    sending: allRunning(one.running),
    inPerMinute: one.arrived.perMinute(nowMs),
    outPerMinute: one.left.perMinute(nowMs),
  };
}

function depthOf(lanes: readonly LaneRow[], wanted: Lane): number {
  return lanes.find(({ lane }) => lane === wanted)?.depth ?? 0;
}
