import { readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { establishmentOf } from './ledgers.ts';
import { idGiven, type Language, languageGiven, reasonGiven, runningCall } from './running-call.ts';
import { textTable } from './table.ts';

interface Shown {
  id: string;
  state: string;
  since: string | null;
  code: string | null;
  message: string | null;
  remedy: string | null;
  by: string | null;
  reason: string | null;
  nextProbeAt: string | null;
  depth: Record<string, number>;
  oldestAt: string | null;
  outPerMinute: number;
}

const HEADINGS: Readonly<Record<Language, readonly string[]>> = {
  fr: ['destination', 'état', 'depuis', 'attendent', 'plus ancien', 'sortent/min'],
  en: ['destination', 'state', 'since', 'waiting', 'oldest', 'out/min'],
};

/** The states as the interface names them, in words that nobody takes for their contrary. */
const STATES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    ...{ closed: 'en service', open: 'en panne', 'half-open': 'à l’essai' },
    ...{ parked: 'suspendue', stopped: 'arrêtée' },
  },
  en: {
    ...{ closed: 'in service', open: 'down', 'half-open': 'on trial' },
    ...{ parked: 'parked', stopped: 'stopped' },
  },
};

export const destinations: Command = {
  summary: 'where documents go and why they wait; stop or resume one',
  usage: `destinations [--establishment ID] [--lang fr|en]
       viaduc destinations stop ID --reason TEXT
       viaduc destinations resume ID --reason TEXT

Lists each destination with its state, how much waits for it and why. Stop takes effect at once: what is being sent is
interrupted and stays in doubt. Resume lets one document go first. Goes through the running gateway, as the holder of
VIADUC_TOKEN (else as the administrator).`,
  options: {
    ...{ establishment: { type: 'string' }, reason: { type: 'string' }, lang: { type: 'string' } },
  },
  async run(values, [verb = 'list', id]) {
    const config = readConfig();
    const language = languageGiven(values);
    if (verb === 'list') {
      const establishment = encodeURIComponent(establishmentOf(config, values).id);
      const call = runningCall(config, language);
      const { items } = await call<{ items: Shown[] }>(`destinations?establishment=${establishment}`);
      show(items, language);
    } else if (verb === 'stop' || verb === 'resume') {
      const path = `destinations/${idGiven(verb, id)}/${verb}`;
      const reason = reasonGiven(values);
      show([await runningCall(config, language)<Shown>(path, { reason })], language);
    } else throw new UsageError(`destinations, destinations stop or destinations resume, not '${verb}'`);
    return EXIT.done;
  },
};

function show(items: readonly Shown[], language: Language): void {
  const rows = items.map(({ id, state, since, depth, oldestAt, outPerMinute }) => {
    const waiting = Object.values(depth).reduce((sum, one) => sum + one, 0);
    return [
      id,
      STATES[language][state] ?? state,
      since ?? '-',
      String(waiting),
      oldestAt ?? '-',
      String(outPerMinute),
    ];
  });
  console.log(textTable([HEADINGS[language], ...rows]));
  for (const one of items) for (const line of why(one)) console.log(`${one.id}: ${line}`);
}

function why({ code, message, remedy, by, reason, nextProbeAt }: Shown): string[] {
  return [
    ...(by === null ? [] : [`${by}: ${reason}`]),
    ...(code === null ? [] : [`${message ?? ''} [${code}]`.trim()]),
    ...(remedy === null ? [] : [`→ ${remedy}`]),
    ...(nextProbeAt === null ? [] : [`⟳ ${nextProbeAt}`]),
  ];
}
