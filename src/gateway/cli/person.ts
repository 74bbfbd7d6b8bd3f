import { createInterface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import { reportPerson } from '../../console/person/report.ts';
import type { SubjectInput } from '../../console/person/subject.ts';
import { systemClock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import { isReason } from '../../words/reason.ts';
import { type Config, readConfig } from '../config.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { askGateway } from './gateway-call.ts';
import { establishmentOf, openLedgerFor, runningGateway } from './ledgers.ts';
import { reportText } from './person-text.ts';

export const person: Command = {
  summary: 'read out or erase what is held of a person',
  usage: `person report --reason TEXT [--establishment ID] [--format text|json]
       viaduc person erase --reason TEXT [--establishment ID]
       viaduc person erase --confirm CODE [--establishment ID]

Who it is comes by the standard input, never by an argument, which the list of processes and the history of the shell would
show: a line 'ins MATRICULE' or 'ipp IDENTIFIER' (or 'ipp OID^IDENTIFIER'), or both. The reason is the reference of the
request, never who it is. Report goes through the running gateway, or reads the ledger itself when none runs; it is recorded.
Erase goes through the running gateway only: one person of the role identity asks, a second one of the role admin confirms with
the code. The token of who acts stands in VIADUC_TOKEN (else VIADUC_ADMIN_TOKEN). Status 1 when the gateway refused.`,
  options: {
    establishment: { type: 'string' },
    reason: { type: 'string' },
    confirm: { type: 'string' },
    format: { type: 'string' },
  },
  async run(values, [verb]) {
    const config = readConfig();
    const establishment = establishmentOf(config, values);
    if (verb === 'report') return report(config, establishment, values);
    if (verb === 'erase') return erase(config, establishment, values);
    throw new UsageError('person report or person erase');
  },
};

async function report(config: Config, establishment: Establishment, values: Values): Promise<number> {
  const format = choice(values, 'format', ['text', 'json'], 'text');
  const reason = text(values, 'reason');
  if (!reason || !isReason(reason))
    throw new UsageError('--reason TEXT: the reference of the request, at least 3 characters');
  const subject = await readSubject();
  const running = runningGateway(config);
  const found = running
    ? await askGateway<Awaited<ReturnType<typeof directly>>>(config, running.http, 'persons/report', {
        ...{ method: 'POST', json: { ...subject, establishment: establishment.id, reason } },
      })
    : await directly(config, establishment, subject, reason);
  console.log(format === 'json' ? JSON.stringify(found, null, 2) : reportText(found, establishment.zone));
  return EXIT.done;
}

async function directly(config: Config, establishment: Establishment, subject: SubjectInput, reason: string) {
  const ledger = await openLedgerFor(config);
  try {
    return await reportPerson({ ledger, clock: systemClock }, establishment, subject, {
      by: 'command line',
      reason,
    });
  } finally {
    await ledger.close();
  }
}

interface Erasure {
  state: 'asked' | 'erased';
  confirm?: string;
  persons: number;
  submissions: number;
  bodies: number;
  bytes: number;
  stays: number;
  exams: number;
}

async function erase(config: Config, { id }: Establishment, values: Values): Promise<number> {
  const [reason, confirm] = [text(values, 'reason'), text(values, 'confirm')];
  if ((reason === undefined) === (confirm === undefined))
    throw new UsageError('--reason TEXT to ask, or --confirm CODE');
  const running = runningGateway(config);
  if (!running)
    throw new UsageError(
      'an erasure goes through the running gateway, which knows who asks and who confirms',
    );
  const subject = await readSubject();
  const asked = confirm === undefined ? { reason } : { confirm };
  const done = await askGateway<Erasure>(config, running.http, 'persons/erase', {
    ...{ method: 'POST', json: { ...subject, ...asked, establishment: id } },
  });
  const { persons, submissions, bodies, bytes, stays, exams } = done;
  const what = `${submissions} submission(s), ${bodies} body(ies) of ${bytes} bytes, ${stays} stay(s) and ${exams} exam(s) of imported files, known under ${persons} identifier(s) of ours`;
  console.log(done.state === 'erased' ? `erased: ${what}` : `nothing is erased yet: ${what}`);
  if (done.confirm)
    console.log(
      `a second person, of the role admin, confirms with: viaduc person erase --confirm ${done.confirm}`,
    );
  return EXIT.done;
}

/** Lines of the standard input; a person at a terminal is asked for one. */
async function readSubject(): Promise<SubjectInput> {
  const subject: SubjectInput = {};
  for (const line of (await readInput()).split('\n').filter((one) => one.trim() !== '')) {
    const [, kind, value] = /^\s*(ins|ipp)[\s:=]+(.+?)\s*$/i.exec(line) ?? [];
    if (!kind || !value) throw new UsageError("a line reads 'ins MATRICULE' or 'ipp IDENTIFIER'");
    subject[kind.toLowerCase() as 'ins' | 'ipp'] = value;
  }
  return subject;
}

async function readInput(): Promise<string> {
  if (!process.stdin.isTTY) return readAll(process.stdin);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const line = await terminal.question('ins MATRICULE, or ipp IDENTIFIER: ');
  terminal.close();
  return line;
}
