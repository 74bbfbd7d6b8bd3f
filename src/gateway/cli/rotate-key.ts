import { rotateKeys } from '../../ledger/sqlite/rotate.ts';
import { systemClock } from '../../words/clock.ts';
import type { Config } from '../config.ts';
import { choice, EXIT, type Values } from './command.ts';
import { ledgerSettings } from './ledgers.ts';

/** Changes the keys of the ledger, both unless only one is wanted. @throws ViaducError `ledger.locked` while a gateway runs */
export function rotateKey(config: Config, values: Values): number {
  const only = choice(values, 'only', ['seal', 'master', 'both'], 'both');
  const options = { ...ledgerSettings(config), nowMs: systemClock.now() };
  const rotation = { seal: only !== 'master', master: only !== 'seal', by: 'command line' };
  const { from, to, oldFile } = rotateKeys(options, rotation);
  console.log(
    from === to
      ? `seals are signed by key ${to} as before`
      : `seals are signed by key ${to} from now on, no longer by ${from}`,
  );
  console.log(`the keys of before stand in ${oldFile}: backups made until now need them`);
  console.log(
    `make a backup of ${config.keyFile}, apart from that of the data, and a new backup of the data`,
  );
  return EXIT.done;
}
