import type { Checks } from '../../checks/checked.ts';
import { type ReadMail, readMail } from '../../delivery/mssante/message/read.ts';
import { newControlId } from '../../delivery/notices/due.ts';
import type { Ledger, NewBody, NewEvent, Subject } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { MailRow } from '../../ledger/views.ts';
import type { Clock } from '../../words/clock.ts';
import type { DocumentFacts } from '../../words/document.ts';
import type { Environment } from '../../words/environment.ts';
import { isViaducError, type ViaducError, type Words } from '../../words/errors.ts';
import type { Finding } from '../../words/findings.ts';
import { newId } from '../../words/ids.ts';
import type { ReceivedDocument } from '../../words/integration.ts';
import { type Operation, sameVisibility, type Visibility } from '../../words/request.ts';
import { visibilityFlags } from '../../xds/codes.ts';
import { uniqueIdOf } from '../../xds/xdm/lot.ts';
import { type OpenedArchive, type OpenedDocument, openArchive } from '../../xds/xdm/open.ts';
import { documentEntry } from '../entries.ts';
import type { MailboxErrorCode } from './errors.ts';
import { assessReceived, refusedIdentity } from './identity.ts';

export interface SortTools {
  ledger: Ledger;
  clock: Clock;
  environment: Environment;
  checks: Pick<Checks, 'judge'>;
  /** The sender that takes what comes into a mailbox; null when there is none. */
  consumerOf(establishment: string, mailbox: string): string | null;
  /** What was found to be no fault of the mail. Carries no patient data. */
  onFailure(error: unknown): void;
}

/** A document of an archive that is to be handed on. */
interface Accepted {
  opened: OpenedDocument;
  facts: DocumentFacts;
  bytes: Buffer;
  matricule: string | null;
}

/**
 * Decides what becomes of a mail with documents that is stored: all of its documents are handed on, or the mail is set aside
 * with the reason. One append; a mail that was sorted already stays as it is.
 * @throws ViaducError the errors of the ledger: then nothing was decided
 */
export async function sortMail(tools: SortTools, establishment: string, mail: MailRow): Promise<void> {
  const view = tools.ledger.of(establishment);
  const version = await view.version(`mail:${mail.id}`);
  if (await view.integrations.sorted(mail.id)) return;
  const raw = await view.body(mail.body.id);
  const consumer = tools.consumerOf(establishment, mail.mailbox);
  const found = await judged(tools, raw, consumer);
  const { events, bodies } =
    'code' in found
      ? { events: [sorted(mail, 'set-aside', found)], bodies: [] }
      : await handedOn(tools, view, { mail, consumer: consumer!, accepted: found.accepted });
  const nowMs = tools.clock.now();
  try {
    await tools.ledger.append({
      ...{ establishment, nowMs, expect: { [`mail:${mail.id}`]: version } },
      ...{ events, bodies },
    });
  } catch (error) {
    // Somebody else sorted it in between.
    if (!isViaducError(error, 'ledger.conflict')) throw error;
  }
}

function sorted(
  { id }: MailRow,
  outcome: 'handed-on' | 'set-aside',
  { code, why }: { code: string | null; why?: Words },
): NewEvent {
  return { type: 'mail.sorted', data: { mail: id, outcome, code, ...(why && { why }) } };
}

/** `why`: what the catalogue says of the code, with the places and figures of this mail. */
type Decision = { accepted: Accepted[] } | { code: string; why?: Words };

async function judged(
  { environment, clock, onFailure }: SortTools,
  raw: Buffer,
  consumer: string | null,
): Promise<Decision> {
  if (consumer === null) return { code: 'received.no-consumer' };
  try {
    const { archive } = await readAgain(raw);
    if (archive === null) return { code: 'received.no-document' };
    return accept(await openArchive(archive.bytes), environment, clock.now());
  } catch (error) {
    if (isViaducError(error)) return reasonOf(error);
    // A defect of ours must not hold the mailbox: the mail waits for a person.
    onFailure(error);
    return { code: 'received.failed' };
  }
}

/** The words of an XML error name what stands in the file of somebody else: they are in no event. */
function reasonOf(error: ViaducError): { code: string; why?: Words } {
  const { code, words } = error;
  return code === 'xdm.metadata-unreadable' ? { code } : { code, why: words };
}

/** A mail that was classified when it came in: what was trusted then is not judged again. */
export function readAgain(raw: Buffer): Promise<ReadMail> {
  return readMail(raw, { isTrusted: () => true, patientDomain: '' });
}

/** All documents of an archive, or the first reason for which its mail is set aside. */
function accept(archive: OpenedArchive, environment: Environment, nowMs: number): Decision {
  const documents = archive.subsets.flatMap((subset) => subset.documents);
  const findings = [...archive.findings, ...documents.flatMap((one) => one.findings)];
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong) return { code: wrong.code, why: { fr: wrong.message, en: wrong.detail } };
  const accepted: Accepted[] = [];
  for (const opened of documents) {
    const { bytes, facts } = opened;
    if (!bytes || !facts) continue;
    const identity = assessReceived(facts.patient, environment, nowMs);
    const code = refusedIdentity(identity) ?? refusedAction(opened.action, facts);
    if (code) return { code };
    accepted.push({ opened, facts, bytes, matricule: identity.matricule });
  }
  return accepted.length === 0 ? { code: 'received.no-document' } : { accepted };
}

function refusedAction(action: OpenedDocument['action'], facts: DocumentFacts): MailboxErrorCode | null {
  return action === 'C' && replacedBy(facts) === null ? 'received.replaced-not-named' : null;
}

function replacedBy({ related }: DocumentFacts): string | null {
  const [id] = related.filter(({ typeCode }) => typeCode === 'RPLC').flatMap(({ ids }) => ids);
  return id ? uniqueIdOf(id) : null;
}

async function handedOn(
  tools: SortTools,
  view: LedgerView,
  { mail, consumer, accepted }: { mail: MailRow; consumer: string; accepted: Accepted[] },
): Promise<{ events: NewEvent[]; bodies: NewBody[] }> {
  const events: NewEvent[] = [sorted(mail, 'handed-on', { code: null })];
  const bodies: NewBody[] = [];
  for (const [index, one] of accepted.entries()) {
    const nowMs = tools.clock.now();
    const id = newId(nowMs);
    const subject: Subject = { ins: one.matricule, ipp: null };
    const { content, findings } = await received(tools, view, one, id);
    bodies.push({ id, bytes: one.bytes, retention: 'accepted', subject });
    events.push({
      type: 'integration.due',
      data: {
        ...{ integration: newId(nowMs), mail: mail.id, mailbox: mail.mailbox, consumer },
        ...{ controlId: newControlId(nowMs), place: index + 1, ...content },
      },
      subject,
      personal: Buffer.from(JSON.stringify({ findings })),
    });
  }
  return { events, bodies };
}

const OPERATIONS = { C: 'replace', D: 'delete' } as const;

/** What is kept of a document: judged like any CDA, which decides nothing here, since its author is elsewhere. */
async function received(
  { checks }: SortTools,
  view: LedgerView,
  { opened, facts, bytes }: Accepted,
  id: string,
): Promise<{ content: ReceivedDocument; findings: Finding[] }> {
  const operation: Operation = opened.action === null ? 'deposit' : OPERATIONS[opened.action];
  const replaces = operation === 'replace' ? replacedBy(facts) : null;
  const checked = await checks.judge({ bytes, brought: null });
  const document = { ...documentEntry(checked, facts, id), uniqueId: uniqueIdOf(facts.id) };
  const visibility = await visibilityOf(opened, replaces, view);
  const codes = [...new Set(opened.findings.map(({ code }) => code))];
  const findings = [...opened.findings, ...checked.verdict.findings];
  return { content: { operation, replaces, visibility, document, codes }, findings };
}

/** Flags of the metadata. `change`: it replaces a version that came in with others. */
async function visibilityOf(
  { entry }: OpenedDocument,
  replaces: string | null,
  view: LedgerView,
): Promise<Visibility> {
  const flags = visibilityFlags(entry.confidentialityCodes);
  const previous = replaces === null ? null : await view.integrations.lastOf(replaces);
  const before = previous?.content.visibility;
  return { ...flags, change: before !== undefined && !sameVisibility(before, flags) };
}
