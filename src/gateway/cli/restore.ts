import { systemClock } from '../../words/clock.ts';
import { readConfig } from '../config.ts';
import { type Restored, restoreLedger } from '../restore.ts';
import { type Command, EXIT, texts, UsageError } from './command.ts';
import { textTable } from './table.ts';

export const restore: Command = {
  summary: 'put a backup back, and say what is lost',
  usage: `restore FOLDER [--witness FILE]... [--without-witness] [--accept-problems]

FOLDER is a backup, or a copy of a whole data folder. The configured data folder must be empty or absent, and the key file of
the backup in its place: after a change of keys that is the one of before. What was recorded after the backup is named from the
witnesses, those configured and those given, and written into each chain for good: one that is missing refuses the restore, unless
--without-witness says that there is none. Every delivery that had not ended is in doubt: the destination is asked before anything is sent.
Status 1 when the backup is not whole or not coherent; nothing is then put back.`,
  options: {
    witness: { type: 'string', multiple: true },
    'without-witness': { type: 'boolean' },
    'accept-problems': { type: 'boolean' },
  },
  async run(values, [backup, more]) {
    if (backup === undefined || more !== undefined) throw new UsageError('restore FOLDER');
    const config = readConfig();
    const named = texts(values, 'witness');
    const restored = await restoreLedger(config, {
      ...{ backup, by: 'command line', nowMs: systemClock.now() },
      witnesses: values['without-witness'] === true ? named : [...config.evidenceFiles, ...named],
      acceptProblems: values['accept-problems'] === true,
    });
    console.log(asText(restored));
    return EXIT.done;
  },
};

function asText({ backupAt, witnessed, chains }: Restored): string {
  const rows = chains.map(({ establishment, lastEvent, lost, doubted }) => [
    ...[establishment, String(lastEvent)],
    lost
      ? `${Math.max(0, lost.toEvent - lastEvent)} known, up to event ${lost.toEvent} of ${lost.lastAt}`
      : witnessed
        ? 'nothing that was sealed'
        : 'unknown: no witness',
    String(doubted),
  ]);
  const table = textTable([['chain', 'events', 'events lost', 'deliveries in doubt'], ...rows]);
  const since = backupAt ? `since ${backupAt}` : 'since the backup';
  return `${table}

Ask every sender to send again what it sent ${since}, with a margin of an hour before:
what was kept is answered from its receipt, what had left is found at its destination, nothing leaves twice.
Every destination is stopped: start the gateway, then resume them (viaduc destinations, viaduc destinations resume ID --reason TEXT).`;
}
