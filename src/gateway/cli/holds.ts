import type { Hold, HoldEnd } from '../../words/hold.ts';
import { readConfig } from '../config.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { establishmentOf } from './ledgers.ts';
import {
  type Call,
  idGiven,
  type Language,
  languageGiven,
  reasonGiven,
  runningCall,
} from './running-call.ts';
import { textTable } from './table.ts';

/** As many as the gateway lists at once. */
const AT_ONCE = 200;

interface Held {
  id: string;
  receivedAt: string;
  sender: string;
  deliveries: { state: string; hold: Hold | null }[];
}

const HEADINGS = {
  fr: ['demande', 'reçue', 'émetteur', 'jusqu’au', 'puis', 'par', 'raison'],
  en: ['submission', 'received', 'sender', 'until', 'then', 'by', 'reason'],
} as const;

/** What becomes of a hold at its date, and what is said of one whose date has come. */
const ENDS = {
  fr: { release: 'part', escalate: 'à trancher', escalated: 'À TRANCHER' },
  en: { release: 'leaves', escalate: 'to be decided', escalated: 'DECIDE NOW' },
} as const;

export const holds: Command = {
  summary: 'what a person, a rule or a request holds; place or release one',
  usage: `holds [--establishment ID] [--lang fr|en]
       viaduc holds place ID --until INSTANT --reason TEXT [--at-end release|escalate]
       viaduc holds release ID --reason TEXT

Lists what is held, until when, what happens then, by whom and why, after what has come to its date and waits for a decision. ID
is a submission. Place keeps what has not left until the instant (ISO 8601 with offset, 366 days at most), also what is held or
waits for a decision already; at its date it leaves (release) or waits for a person (escalate; without --at-end as before, else
escalate). Release lets it leave at once; many are released by 'viaduc retry --state held' with --hold-reason, --sender, --type or
a period. Goes through the running gateway, as the holder of VIADUC_TOKEN (else as the administrator).`,
  options: {
    ...{ establishment: { type: 'string' }, reason: { type: 'string' }, lang: { type: 'string' } },
    ...{ until: { type: 'string' }, 'at-end': { type: 'string' } },
  },
  async run(values, [verb = 'list', id]) {
    const config = readConfig();
    const language = languageGiven(values);
    if (verb === 'list') {
      const { id: establishment } = establishmentOf(config, values);
      await list(runningCall(config, language), encodeURIComponent(establishment), language);
    } else if (verb === 'place' || verb === 'release') {
      const path = `submissions/${idGiven(verb, id)}/${verb === 'place' ? 'hold' : 'release'}`;
      const asked = { reason: reasonGiven(values), ...(verb === 'place' ? placeOf(values) : {}) };
      const { state } = await runningCall(config, language)<{ state: string }>(path, asked);
      console.log(`${id}: ${state}`);
    } else throw new UsageError(`holds, holds place or holds release, not '${verb}'`);
    return EXIT.done;
  },
};

function placeOf(values: Values): { until: string; atEnd?: HoldEnd } {
  const until = text(values, 'until');
  if (until === undefined)
    throw new UsageError('--until INSTANT: until when it is held, such as 2026-03-02T18:00:00Z');
  if (text(values, 'at-end') === undefined) return { until };
  return { until, atEnd: choice(values, 'at-end', ['release', 'escalate'], 'escalate') };
}

async function list(call: Call, establishment: string, language: Language): Promise<void> {
  const of = `limit=${AT_ONCE}&establishment=${establishment}`;
  const undecided = await call<{ items: { submission: string }[]; next: string | null }>(
    `worklist?cause=hold-escalated&${of}`,
  );
  const held = await call<{ items: Held[]; next: string | null }>(`submissions?state=held&${of}`);
  const all: Held[] = [];
  for (const submission of new Set(undecided.items.map((item) => item.submission)))
    all.push(await call<Held>(`submissions/${submission}`));
  const seen = new Set(all.map(({ id }) => id));
  all.push(...held.items.filter(({ id }) => !seen.has(id)));
  console.log(textTable([HEADINGS[language], ...all.flatMap((one) => rowsOf(one, language))]));
  if (undecided.next !== null || held.next !== null) console.log(`… ${AT_ONCE} +`);
}

function rowsOf({ id, receivedAt, sender, deliveries }: Held, language: Language): string[][] {
  return deliveries.flatMap(({ state, hold }) => {
    if (!hold) return [];
    const end = ENDS[language][state === 'parked' ? 'escalated' : hold.atEnd];
    return [[id, receivedAt, sender, hold.until, end, hold.by ?? hold.origin, hold.reason]];
  });
}
