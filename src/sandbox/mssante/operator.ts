import { isPatient } from './addresses.ts';
import type { ScriptedMailFault } from './faults.ts';
import type { TakenMail } from './journal.ts';
import type { ReadMail } from './mail.ts';
import { isReport } from './mail-checks.ts';
import type { Mailbox } from './mailbox.ts';
import { answerMdn } from './mdn.ts';
import { headerBlock, mailDate } from './mime.ts';
import { type DsnFacts, OPERATOR, writeBounce, writeDsn } from './receipts.ts';
import { later, type MailSimulation } from './simulation.ts';

/** A mail of one recipient as the operator took it. */
export interface Taken {
  from: string;
  recipient: string;
  /** Values of NOTIFY, upper case; empty when none was given. */
  notify: string[];
  originalRecipient: string | null;
  envid: string | null;
  wholeReturned: boolean;
  raw: Buffer;
  mail: ReadMail;
}

/** Takes a mail over and lets it go its way: into a mailbox, or back, with the receipts that it asked for. */
export function take(taken: Taken, simulation: MailSimulation): void {
  const { journal, boxes, faults } = simulation;
  const { from, recipient, notify, envid, raw, mail } = taken;
  const kind = boxes.kindOf(recipient) ?? 'unknown';
  const entry = journal.taken({
    from,
    to: recipient,
    class: kind,
    messageId: mail.email.messageId ?? '',
    envid,
    notify,
    bytes: raw.length,
    headers: headerBlock(raw).toString('latin1'),
  });
  const fault = faults.next('dsn', { recipient, class: boxes.kindOf(recipient) });
  later(simulation, 0, () => forward({ taken, entry, fault, simulation }));
}

interface Way {
  taken: Taken;
  entry: TakenMail;
  fault: ScriptedMailFault | null;
  simulation: MailSimulation;
}

function forward(way: Way): void {
  const { taken, fault, simulation } = way;
  if (fault?.fault === 'dsn-failed') {
    bounce(way, fault.status ?? '5.2.2');
    return;
  }
  if (fault?.fault === 'bounce-text') {
    bounceText(way);
    return;
  }
  const box = isPatient(taken.recipient)
    ? simulation.boxes.patient(taken.recipient)
    : (simulation.boxes.get(taken.recipient) ?? 'unknown');
  if (box === 'unknown') {
    bounce(way, '5.1.1');
    return;
  }
  if (box === 'closed') {
    bounce(way, '5.2.1');
    return;
  }
  if (box.options.full) {
    bounce(way, '5.2.2');
    return;
  }
  putInto(box, way);
}

function putInto(box: Mailbox, way: Way): void {
  const { taken, entry, fault, simulation } = way;
  simulation.boxes.deliver(box, traced(taken, simulation.clock.now()));
  simulation.journal.step(entry, 'delivered');
  report(way, fault);
  if (!isReport(taken.mail)) answerMdn(box, taken, entry, simulation);
}

/** The mail as it lies in a mailbox: with Return-Path and the trace of the operator. */
function traced({ from, recipient, raw }: Taken, nowMs: number): Buffer {
  const trace = `Return-Path: <${from}>\r\nReceived: from localhost by ${OPERATOR} with ESMTPS\r\n for <${recipient}>; ${mailDate(nowMs)}\r\n`;
  return Buffer.concat([Buffer.from(trace), raw]);
}

const SOON_MS = 0;

/** Sends the DSN of a mail that was delivered, as its fault says. */
function report(way: Way, fault: ScriptedMailFault | null): void {
  const { taken, simulation } = way;
  const { delayMs = SOON_MS } = fault ?? {};
  const action = isPatient(taken.recipient) ? 'relayed' : 'delivered';
  const done = (what: DsnFacts['action'] = action) => send(way, { action: what, status: '2.0.0' });
  const afterwards = (then: () => void) => later(simulation, delayMs, then);
  switch (fault?.fault) {
    case 'no-dsn':
      return;
    case 'dsn-late':
      afterwards(done);
      return;
    case 'dsn-twice':
      done();
      done();
      return;
    case 'dsn-expanded':
      done('expanded');
      return;
    case 'dsn-relayed':
      done('relayed');
      return;
    case 'dsn-delayed':
      send(way, { action: 'delayed', status: '4.4.1' });
      afterwards(done);
      return;
    case 'dsn-failed-after-relayed':
      done('relayed');
      afterwards(() => send(way, { action: 'failed', status: fault.status ?? '5.4.1' }));
      return;
    default:
      done();
  }
}

const SAID: Readonly<Record<string, string>> = {
  '5.1.1': 'smtp; 550 5.1.1 Mailbox unknown',
  '5.2.1': 'smtp; 550 5.2.1 Mailbox closed',
  '5.2.2': 'smtp; 552 5.2.2 Mailbox full',
  '5.4.1': 'smtp; 554 5.4.1 No answer from host',
  '4.4.1': 'smtp; 451 4.4.1 No answer from host',
};

function bounce(way: Way, status: string): void {
  send(way, { action: 'failed', status });
}

const WANTED = {
  delivered: 'SUCCESS',
  relayed: 'SUCCESS',
  expanded: 'SUCCESS',
  delayed: 'DELAY',
  failed: 'FAILURE',
} as const;

/** Sends a DSN where NOTIFY asks for it; a failure also where nothing was asked (RFC 3461, 5.2.2). */
function send(way: Way, { action, status }: Pick<DsnFacts, 'action' | 'status'>): void {
  const { taken, entry, simulation } = way;
  const { from, notify, recipient, originalRecipient, envid, raw, wholeReturned } = taken;
  const { clock, boxes, journal } = simulation;
  const asked = notify.length === 0 ? action === 'failed' : notify.includes(WANTED[action]);
  journal.step(entry, asked ? `DSN ${action} ${status}` : `${action}, no DSN asked for`);
  const box = boxes.get(from);
  if (!asked || !box) return;
  const diagnostic =
    action === 'failed' || action === 'delayed' ? (SAID[status] ?? `smtp; 554 ${status}`) : null;
  const facts = { action, status, diagnostic, recipient, originalRecipient, envid, to: from, raw };
  boxes.deliver(box, writeDsn({ ...facts, whole: wholeReturned, nowMs: clock.now() }));
}

function bounceText({ taken, entry, simulation }: Way): void {
  const { from, recipient, raw } = taken;
  simulation.journal.step(entry, 'bounce of no form');
  const box = simulation.boxes.get(from);
  if (box)
    simulation.boxes.deliver(box, writeBounce({ recipient, to: from, raw, nowMs: simulation.clock.now() }));
}
