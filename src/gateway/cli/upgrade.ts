import { dirname } from 'node:path';
import { type Rehearsal, rehearse } from '../../ledger/sqlite/rehearsal.ts';
import { systemClock } from '../../words/clock.ts';
import { readConfig } from '../config.ts';
import { product } from '../product.ts';
import { type Command, EXIT, text, UsageError } from './command.ts';

export const upgrade: Command = {
  summary: 'try this build on a copy of the ledger before it is put in use',
  usage: `upgrade --check [--scratch FOLDER] [--json]

Run it with the new release and the configuration in use, beside the running gateway of the release before: the configuration is
read, the tables are copied, brought to this build's schema, made again where their definition changed, and verified. Nothing of
the data folder is touched. It says how long the first start will take and whether the release before may open the data again.
Status 1 when something is wrong. Then: stop (within 30 seconds), put the new release in place, start.`,
  options: { check: { type: 'boolean' }, scratch: { type: 'string' }, json: { type: 'boolean' } },
  async run(values, positionals) {
    if (values.check !== true || positionals.length > 0) throw new UsageError('upgrade --check');
    const { data, keyFile, environment, product: named, establishments } = readConfig();
    const rehearsal = await rehearse({
      ...{ folder: data, keyFile, environment, product: named, nowMs: systemClock.now() },
      establishments: establishments.map(({ id }) => id),
      scratch: text(values, 'scratch') ?? dirname(data),
    });
    console.log(values.json === true ? JSON.stringify(rehearsal, null, 2) : asText(rehearsal));
    return rehearsal.chains.some(({ problems }) => problems.length > 0) ? EXIT.invalid : EXIT.done;
  },
};

function asText({ schema, projections, openMs, mayGoBack, chains }: Rehearsal): string {
  const problems = chains.flatMap(({ establishment, problems: found }) =>
    found.map(({ code, message }) => `  ${establishment}: ${message} [${code}]`),
  );
  return [
    `build            ${product.name} ${product.version}`,
    `configuration    read without complaint`,
    `schema           ${schema.from === schema.to ? `${schema.to}, as it is` : `${schema.from} to ${schema.to}`}`,
    `tables           ${projections}; the first start takes about ${(openMs / 1000).toFixed(1)} s`,
    `going back       ${mayGoBack ? 'the release before may open the data again, unless events that it does not know were written' : 'only by restoring the backup from before: make one'}`,
    `verification     ${problems.length === 0 ? `${chains.length} chains, nothing wrong` : `${problems.length} problem(s)`}`,
    ...problems,
  ].join('\n');
}
