import { setImmediate } from 'node:timers/promises';
import { lookForExpired, type Swept } from '../../ledger/keeping.ts';
import { systemClock } from '../../words/clock.ts';
import { type Config, readConfig } from '../config.ts';
import { keepingOf } from '../keeping.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { openLedgerFor, readLedger, runningGateway } from './ledgers.ts';
import { textTable } from './table.ts';

export const retention: Command = {
  summary: 'what has come to the end of its retention',
  usage: `retention [look|sweep]

look counts what the rules of viaduc.yaml would destroy now, and destroys nothing. sweep destroys it, and frees the space;
a running gateway does so by itself (retention.sweepHours). Times and reasons: docs/gdpr.md.`,
  options: {},
  async run(_values, [verb = 'look']) {
    const config = readConfig();
    if (verb === 'look') return look(config);
    if (verb === 'sweep') return sweep(config);
    throw new UsageError('retention look or retention sweep');
  },
};

async function look(config: Config): Promise<number> {
  const reader = readLedger(config);
  try {
    const { policy } = config.retention;
    const establishments = config.establishments.map(({ id }) => id);
    const ledger = { of: (id: string) => reader.of(id) };
    const pause = () => setImmediate();
    const looking = { ledger, clock: systemClock, policy, establishments, pause };
    print(await lookForExpired(looking), 'nothing has come to its end');
  } finally {
    reader.close();
  }
  return EXIT.done;
}

async function sweep(config: Config): Promise<number> {
  const running = runningGateway(config);
  if (running)
    throw new UsageError(
      `the gateway at ${running.http} sweeps every ${config.retention.sweepMs / 3_600_000} h by itself`,
    );
  const ledger = await openLedgerFor(config);
  try {
    const { swept, reclaimed } = await keepingOf(config, systemClock, ledger, 0).sweep();
    print(swept, 'nothing had come to its end');
    console.log(
      `${reclaimed.files} file(s) removed, ${reclaimed.bytes} bytes; those copied now go an hour from now`,
    );
  } finally {
    await ledger.close();
  }
  return EXIT.done;
}

function print(swept: readonly Swept[], nothing: string): void {
  if (swept.length === 0) {
    console.log(nothing);
    return;
  }
  const rows = swept.map(({ establishment, rule, submissions, bodies, values, bytes }) => [
    ...[establishment, rule, String(submissions), String(bodies), String(values), String(bytes)],
  ]);
  console.log(textTable([['establishment', 'rule', 'submissions', 'bodies', 'records', 'bytes'], ...rows]));
}
