import { type DocumentError, writeKo, writeMdn } from '../../delivery/mssante/message/answers.ts';
import { mayAnswer } from '../../delivery/mssante/message/may-answer.ts';
import type { SmtpResult, Submission } from '../../delivery/mssante/wire/smtp.ts';
import { type Schedule, waitAfter } from '../../delivery/schedule.ts';
import { sha256 } from '../../ledger/cipher.ts';
import { isGone } from '../../ledger/errors.ts';
import type { Ledger, NewBody, NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { AnswerRow, IntegrationRow } from '../../ledger/view-integrations.ts';
import type { MailRow } from '../../ledger/views.ts';
import { type Clock, instant } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import { newId } from '../../words/ids.ts';
import type { AnswerKind } from '../../words/integration.ts';
import { APPLICATION_ERRORS, type MailboxErrorCode, OTHER } from './errors.ts';
import { mailboxLimits } from './limits.ts';
import { readAgain } from './sort.ts';

/** The mailbox from which answers leave. */
export interface AnsweringMailbox {
  address: string;
  displayName: string;
  /** Where failures go of which no MDN may tell; null: nowhere. */
  errorBox: string | null;
  /** Whether the operator takes mails without an envelope sender from us (RFC 8098 wants none). */
  nullSender: boolean;
  submit(mail: Submission, signal?: AbortSignal): Promise<SmtpResult>;
}

export interface AnswerTools {
  ledger: Ledger;
  clock: Clock;
  /** Addresses of all our mailboxes: they are never answered. */
  own: readonly string[];
  /** Reporting-UA, and X-MSS-NIL. */
  product: string;
  nil: string | null;
  schedule: Schedule;
  random(): number;
}

/** Decides on the answer to a mail whose documents have all ended, and writes it down, before its first byte leaves. */
export async function decideAnswer(
  tools: AnswerTools,
  establishment: string,
  mail: MailRow,
  mailbox: AnsweringMailbox,
): Promise<void> {
  const { ledger, clock } = tools;
  const view = ledger.of(establishment);
  const version = await view.version(`mail:${mail.id}`);
  if (await view.integrations.answer(mail.id)) return;
  const documents = await view.integrations.ofMail(mail.id);
  const { events, bodies } = await written(tools, establishment, { mail, mailbox, documents }).catch(
    (error: unknown) => {
      if (isGone(error)) return omitted(mail, 'answer.erased');
      throw error;
    },
  );
  try {
    await ledger.append({
      ...{ establishment, nowMs: clock.now(), expect: { [`mail:${mail.id}`]: version } },
      ...{ events, bodies },
    });
  } catch (error) {
    if (!isViaducError(error, 'ledger.conflict')) throw error;
  }
}

interface About {
  mail: MailRow;
  mailbox: AnsweringMailbox;
  documents: readonly IntegrationRow[];
}

async function written(
  tools: AnswerTools,
  establishment: string,
  { mail, mailbox, documents }: About,
): Promise<{ events: NewEvent[]; bodies: NewBody[] }> {
  const { ledger, clock } = tools;
  const view = ledger.of(establishment);
  const raw = await view.body(mail.body.id);
  const read = await readAgain(raw);
  const errors = errorsOf(documents);
  const may = mayAnswer(read, [...tools.own, mailbox.address]);
  const { errorBox } = mailbox;
  if ('no' in may && (errors.length === 0 || errorBox === null))
    return omitted(mail, may.no === 'not-a-document' ? 'answer.not-asked' : `answer.${may.no}`);
  const [kind, to]: [AnswerKind, string] = 'to' in may ? ['mdn', may.to] : ['ko', errorBox!];
  const peer = ledger.searchHash(establishment, 'address', to.toLowerCase());
  const { product, nil } = tools;
  const [answer, atMs] = [newId(clock.now()), clock.now()];
  const input = { id: answer, atMs, mailbox, to, original: read.mail, raw, errors, nil };
  const bytes = kind === 'mdn' ? await writeMdn({ ...input, product }) : await writeKo(input);
  const subject = { person: documents[0]!.person! };
  const body = newId(clock.now());
  const event: NewEvent = {
    type: 'answer.due',
    data: {
      ...{ answer, mail: mail.id, mailbox: mail.mailbox, kind, peer, errors: errors.map(({ code }) => code) },
      raw: { id: body, sha256: sha256(bytes), size: bytes.length },
      dueAt: await dueAt(tools, establishment, peer),
    },
    subject,
    personal: Buffer.from(JSON.stringify({ to })),
  };
  return { events: [event], bodies: [{ id: body, bytes, retention: 'wire', subject }] };
}

/** At once; an hour later when so many went to one address within the hour that two machines may be answering each other. */
async function dueAt({ ledger, clock }: AnswerTools, establishment: string, peer: string): Promise<string> {
  const nowMs = clock.now();
  const { integrations } = ledger.of(establishment);
  const count = await integrations.answersTo(peer, instant(nowMs - HOUR_MS));
  return instant(count < mailboxLimits.answersPerHour.value ? nowMs : nowMs + HOUR_MS);
}

const HOUR_MS = 3_600_000;

function omitted({ id }: MailRow, reason: MailboxErrorCode): { events: NewEvent[]; bodies: NewBody[] } {
  return { events: [{ type: 'answer.omitted', data: { mail: id, reason } }], bodies: [] };
}

function errorsOf(documents: readonly IntegrationRow[]): DocumentError[] {
  return documents
    .filter(({ state }) => state !== 'acknowledged')
    .map(({ code, place }) => {
      const known = code !== null && code in APPLICATION_ERRORS ? code : OTHER;
      return { code: known, label: APPLICATION_ERRORS[known]!, position: place };
    });
}

/** Sends an answer that is due, once; what was begun and not ended is in doubt, and is not sent again. */
export async function sendAnswer(
  tools: AnswerTools,
  establishment: string,
  row: AnswerRow,
  mailbox: AnsweringMailbox,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, clock } = tools;
  const view = ledger.of(establishment);
  const about = { answer: row.id!, mail: row.mail };
  const write = (event: NewEvent) => ledger.append({ establishment, nowMs: clock.now(), events: [event] });
  if (row.state === 'sending') {
    await write({ type: 'answer.in-doubt', data: { ...about, code: 'answer.in-doubt' } });
    return;
  }
  const kept = await storedAnswer(view, row);
  if (!kept) {
    await write({ type: 'answer.failed', data: { ...about, code: 'answer.erased' } });
    return;
  }
  const attempt = row.attempts + 1;
  await write({ type: 'answer.sending', data: { ...about, attempt } });
  const from = mailbox.nullSender ? '' : mailbox.address;
  const result = await mailbox.submit({ ...kept, from, envelopeId: null }, signal);
  await write(resultOf(tools, { ...about, attempt, since: row.at }, result));
}

async function storedAnswer(view: LedgerView, row: AnswerRow): Promise<{ to: string; raw: Buffer } | null> {
  const personal = await view.personal(row.personalRef!);
  if (!personal) return null;
  try {
    const raw = await view.body(row.content!.raw.id);
    return { to: (JSON.parse(personal.toString('utf8')) as { to: string }).to, raw };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function resultOf(
  { clock, schedule, random }: AnswerTools,
  { attempt, since, ...about }: { answer: string; mail: string; attempt: number; since: string },
  result: SmtpResult,
): NewEvent {
  if (result.kind === 'accepted')
    return { type: 'answer.sent', data: { ...about, code: String(result.smtpCode) } };
  if (result.kind === 'unknown')
    return { type: 'answer.in-doubt', data: { ...about, code: 'answer.in-doubt' } };
  const { code } = result;
  const wait = waitAfter(schedule, attempt, random());
  const over = wait === null || clock.now() - Date.parse(since) >= mailboxLimits.answerForMs.value;
  const forGood = result.kind === 'too-large' || (result.kind === 'refused' && result.permanent);
  if (forGood || over) return { type: 'answer.failed', data: { ...about, code } };
  return { type: 'answer.deferred', data: { ...about, code, dueAt: instant(clock.now() + wait) } };
}
