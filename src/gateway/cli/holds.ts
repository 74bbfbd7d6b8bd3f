import type { Hold } from '../../words/hold.ts';
import { readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { establishmentOf } from './ledgers.ts';
import { idGiven, languageGiven, reasonGiven, runningCall } from './running-call.ts';
import { textTable } from './table.ts';

/** As many as the gateway lists at once. */
const AT_ONCE = 200;

interface Listed {
  items: { id: string; receivedAt: string; sender: string; deliveries: { hold: Hold | null }[] }[];
  next: string | null;
}

const HEADINGS = {
  fr: ['demande', 'reçue', 'émetteur', 'jusqu’au', 'puis', 'par', 'raison'],
  en: ['submission', 'received', 'sender', 'until', 'then', 'by', 'reason'],
} as const;

export const holds: Command = {
  summary: 'what a person, a rule or a request holds; release one',
  usage: `holds [--establishment ID] [--lang fr|en]
       viaduc holds release ID --reason TEXT

Lists what is held, until when, what happens then, by whom and why. Release ends the hold of one submission before its date;
many at once are released by 'viaduc retry --state held'. Goes through the running gateway, as the holder of VIADUC_TOKEN (else
as the administrator).`,
  options: {
    ...{ establishment: { type: 'string' }, reason: { type: 'string' }, lang: { type: 'string' } },
  },
  async run(values, [verb = 'list', id]) {
    const config = readConfig();
    const language = languageGiven(values);
    if (verb === 'list') {
      const establishment = encodeURIComponent(establishmentOf(config, values).id);
      const call = runningCall(config, language);
      const path = `submissions?state=held&limit=${AT_ONCE}&establishment=${establishment}`;
      const { items, next } = await call<Listed>(path);
      console.log(textTable([HEADINGS[language], ...items.flatMap(rowsOf)]));
      if (next !== null) console.log(`… ${AT_ONCE} +`);
    } else if (verb === 'release') {
      const path = `submissions/${idGiven(verb, id)}/release`;
      const reason = reasonGiven(values);
      const { state } = await runningCall(config, language)<{ state: string }>(path, { reason });
      console.log(`${id}: ${state}`);
    } else throw new UsageError(`holds or holds release, not '${verb}'`);
    return EXIT.done;
  },
};

function rowsOf({ id, receivedAt, sender, deliveries }: Listed['items'][number]): string[][] {
  return deliveries.flatMap(({ hold }) =>
    hold ? [[id, receivedAt, sender, hold.until, hold.atEnd, hold.by ?? hold.origin, hold.reason]] : [],
  );
}
