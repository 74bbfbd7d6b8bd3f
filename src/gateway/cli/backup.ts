import { resolve } from 'node:path';
import { backUp } from '../../ledger/sqlite/backup.ts';
import { systemClock } from '../../words/clock.ts';
import { readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { textTable } from './table.ts';

export const backup: Command = {
  summary: 'copy the data folder as it stands, beside a running gateway',
  usage: `backup FOLDER

Copies the ledger, the bodies and the rule packs to a folder that does not exist yet, as they stood at one instant; a gateway
may go on meanwhile. The key file is not in it: keep a copy of it in another place, or nobody can read the backup. What is
kept in the sandbox's simulators and what can be made again is left out. 'viaduc restore FOLDER' puts it back.`,
  options: {},
  async run(_values, [folder, more]) {
    if (folder === undefined || more !== undefined) throw new UsageError('backup FOLDER');
    const { data, keyFile, product } = readConfig();
    const target = resolve(folder);
    if (target.startsWith(`${resolve(data)}/`))
      throw new UsageError('the backup must stand outside the data folder');
    const manifest = await backUp({ folder: data, target, product, nowMs: systemClock.now() });
    const rows = manifest.chains.map(({ establishment, lastEvent, lastSeal }) => [
      ...[establishment, String(lastEvent), String(lastSeal)],
    ]);
    console.log(textTable([['chain', 'last event', 'last seal'], ...rows]));
    const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
    console.log(`${manifest.files.length} files, ${(bytes / 1e6).toFixed(1)} MB, in ${target}`);
    console.log(`not in it: the key file ${keyFile}; keep a copy of it elsewhere`);
    return EXIT.done;
  },
};
