import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openSqliteCopy } from '../../ledger/sqlite/copy.ts';
import { keysInForce } from '../../ledger/sqlite/settle-keys.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { readWitness } from '../../ledger/witnesses/file.ts';
import { systemClock } from '../../words/clock.ts';
import { type Config, readConfig } from '../config.ts';
import { examine } from '../doctor/examine.ts';
import { writeBundle } from '../support/bundle.ts';
import { type Command, EXIT, text, UsageError } from './command.ts';
import { runningGateway } from './ledgers.ts';

export const supportBundle: Command = {
  summary: 'write an archive for whoever helps, without patient data and secrets',
  usage: `support-bundle [--out FILE] [--no-verify]

Writes a ZIP of text files: configuration without its secrets, versions, what doctor finds, metrics of the running gateway,
last lines of the log, alarms, counts by state and code, and what the verification of the ledger says (--no-verify: without
it, as it reads the whole ledger). The file is viaduc-support-<instant>.zip in the working folder when --out is absent.`,
  options: { out: { type: 'string' }, 'no-verify': { type: 'boolean' } },
  async run(values) {
    const config = readConfig();
    const nowMs = systemClock.now();
    const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
    const file = resolve(text(values, 'out') ?? `viaduc-support-${stamp}.zip`);
    if (existsSync(file)) throw new UsageError(`${file} is there already`);
    const running = runningGateway(config);
    const dmp = config.dmp.url ?? running?.dmp ?? null;
    const names = await writeBundle(file, {
      ...{ config, nowMs, http: running?.http ?? null },
      doctor: () => examine({ config, dmp, patient: null }),
      verify: values['no-verify'] ? null : () => verified(config),
    });
    console.log(`${file}\n  ${names.join('\n  ')}`);
    return EXIT.done;
  },
};

function verified(config: Config) {
  const copy = openSqliteCopy(config.data, keysInForce(config.data, config.keyFile));
  try {
    const witness = config.evidenceFiles.filter((file) => existsSync(file)).flatMap(readWitness);
    return verifyLedger(copy, witness.length === 0 ? {} : { witness });
  } finally {
    copy.close();
  }
}
