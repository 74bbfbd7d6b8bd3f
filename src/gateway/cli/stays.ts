import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Imported, importExams, importStays } from '../../indicators/import.ts';
import { systemClock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import { type Config, readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { askGateway } from './gateway-call.ts';
import { establishmentOf, openLedgerFor, runningGateway } from './ledgers.ts';

export const stays: Command = {
  summary: 'import stays or exams from CSV',
  usage: `stays import FILE [--exams] [--establishment ID]

Rows of a known key replace it. Goes through the running gateway, as whose token stands in VIADUC_TOKEN (else
VIADUC_ADMIN_TOKEN), or writes the ledger itself when none runs. Status 1 when rows were refused, which are told with their line,
or when the gateway refused.`,
  options: { exams: { type: 'boolean' }, establishment: { type: 'string' } },
  async run(values, [verb, file]) {
    if (verb !== 'import' || file === undefined) throw new UsageError('stays import FILE');
    const config = readConfig();
    const establishment = establishmentOf(config, values);
    const running = runningGateway(config);
    const kind = values.exams ? 'exams' : 'stays';
    const done = running
      ? await askGateway<Imported>(config, running.http, `${kind}?establishment=${establishment.id}`, {
          // Rows are told in French, whichever way they are imported.
          ...{ method: 'POST', csv: await readFile(file), language: 'fr' },
        })
      : await directly(config, establishment, kind, file);
    console.log(
      `${kind}: ${done.added} added, ${done.changed} changed, ${done.unchanged} unchanged, ${done.errors.length} refused`,
    );
    for (const { line, column, code, message } of done.errors) {
      console.log(
        `  line ${line}${column ? `, ${column}` : ''}: ${typeof message === 'string' ? message : message.fr} [${code}]`,
      );
    }
    return done.errors.length > 0 ? EXIT.invalid : EXIT.done;
  },
};

async function directly(
  config: Config,
  establishment: Establishment,
  kind: 'stays' | 'exams',
  file: string,
): Promise<Imported> {
  const ledger = await openLedgerFor(config);
  try {
    const take = kind === 'stays' ? importStays : importExams;
    return await take({ ledger, clock: systemClock }, establishment, createReadStream(file), 'command line');
  } finally {
    await ledger.close();
  }
}
