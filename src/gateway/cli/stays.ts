import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Imported, importExams, importStays } from '../../indicators/import.ts';
import { systemClock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import { type Config, readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { establishmentOf, openLedgerFor, runningGateway } from './ledgers.ts';

export const stays: Command = {
  summary: 'import stays or exams from CSV',
  usage: `stays import FILE [--exams] [--establishment ID]

Rows of a known key replace it. Goes through the running gateway with VIADUC_ADMIN_TOKEN, or writes the ledger itself when
none runs. Status 1 when rows were refused; they are told with their line.`,
  options: { exams: { type: 'boolean' }, establishment: { type: 'string' } },
  async run(values, [verb, file]) {
    if (verb !== 'import' || file === undefined) throw new UsageError('stays import FILE');
    const config = readConfig();
    const establishment = establishmentOf(config, values);
    const running = runningGateway(config);
    const kind = values.exams ? 'exams' : 'stays';
    const done = running
      ? await throughGateway(running.http, config, establishment, kind, file)
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

async function throughGateway(
  http: string,
  { adminToken }: Config,
  { id }: Establishment,
  kind: string,
  file: string,
): Promise<Imported> {
  if (!adminToken)
    throw new UsageError('the gateway is running: set VIADUC_ADMIN_TOKEN to import through it');
  const answer = await fetch(`${http}/api/${kind}?establishment=${id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/csv' },
    body: await readFile(file),
  });
  const body = (await answer.json()) as Imported & { detail?: string };
  if (!answer.ok) throw new UsageError(`the gateway refused the file: ${body.detail ?? answer.status}`);
  return body;
}

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
