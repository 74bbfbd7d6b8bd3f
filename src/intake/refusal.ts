import type { Checked } from '../checks/checked.ts';
import { parsePersonal } from '../delivery/job.ts';
import type { Ledger, Subject } from '../ledger/ledger.ts';
import type { LedgerView } from '../ledger/view.ts';
import type { SubmissionRow } from '../ledger/views.ts';
import type { Clock } from '../words/clock.ts';
import type { DocumentFacts } from '../words/document.ts';
import { fill, type ViaducError } from '../words/errors.ts';
import type { EventData } from '../words/events.ts';
import type { Finding } from '../words/findings.ts';
import { newId } from '../words/ids.ts';
import type { Arrival, Reception, Refusal } from './arrival.ts';
import { intakeError } from './errors.ts';

/** By what a request is known again, whatever could be read of it. */
export type Known = Pick<Arrival, 'establishment' | 'sender' | 'door' | 'requestKey' | 'requestSha256'>;

/** The answer given before to the same request; a conflict when the key comes again with other content. */
export async function storedAnswer(view: LedgerView, arrival: Known): Promise<Reception | null> {
  const stored = arrival.requestKey === null ? null : await view.submissionByRequest(arrival.requestKey);
  if (!stored) return null;
  if (stored.requestSha256 !== arrival.requestSha256) {
    throw intakeError('request.key-conflict', {
      stored: stored.requestSha256,
      received: arrival.requestSha256,
    });
  }
  if (stored.state !== 'refused') {
    const warnings = arrival.door === 'mllp' ? await storedWarnings(view, stored) : [];
    return { accepted: true, submission: stored.id, repeated: true, warnings };
  }
  return {
    accepted: false,
    submission: stored.id,
    repeated: true,
    refusal: await storedRefusal(view, stored),
  };
}

async function storedRefusal(view: LedgerView, stored: SubmissionRow): Promise<Refusal> {
  const bytes = stored.personalRef ? await view.personal(stored.personalRef) : null;
  const kept = bytes ? (JSON.parse(bytes.toString('utf8')) as RefusedRecord) : { findings: [], verdicts: [] };
  return { code: stored.code!, status: stored.status!, findings: kept.findings, verdicts: kept.verdicts };
}

/** What stands beside a refusal in the encrypted store. */
type RefusedRecord = Pick<Refusal, 'findings' | 'verdicts'>;

async function storedWarnings(view: LedgerView, stored: SubmissionRow): Promise<Finding[]> {
  const bytes = stored.personalRef ? await view.personal(stored.personalRef) : null;
  return bytes ? requestWarnings(parsePersonal(bytes).findings) : [];
}

/** Of what was found in an accepted request, what its sender is told with the acknowledgement. */
export function requestWarnings(findings: readonly (readonly Finding[])[]): Finding[] {
  return findings.flat().filter(({ source, severity }) => source === 'request' && severity === 'warning');
}

/** What a request is refused with: what was wrong with it as a whole, with the request itself, with its documents. */
export function refusalOf(
  error: ViaducError,
  checked: readonly Checked[],
  request: readonly Finding[] = [],
): Refusal {
  const verdicts = checked.map(({ verdict }) => verdict);
  const found = verdicts.flatMap(({ findings }) => findings);
  const own = error.code === 'document.invalid' ? [] : [findingOf(error)];
  return {
    code: error.code,
    status: error.entry.status ?? 422,
    findings: [...own, ...request, ...found],
    verdicts,
  };
}

/** An error of a request said as a finding, so that every refusal reads the same. */
export function findingOf({ code, entry, values }: ViaducError): Finding {
  const remedy = { fr: fill(entry.remedy.fr, values, 'fr'), en: fill(entry.remedy.en, values) };
  const words = {
    message: fill(entry.message.fr, values, 'fr'),
    detail: fill(entry.message.en, values),
    remedy,
  };
  return {
    code,
    severity: 'error',
    source: 'request',
    schema: null,
    ...words,
    pack: null,
    line: null,
    column: null,
    location: null,
  };
}

interface Refused {
  submission: string;
  refusal: Refusal;
  /** What is kept under the retention class of refusals. */
  bytes: Uint8Array;
  sha256: string;
  subject: Subject;
}

/** A refusal is an event too: its reference opens a report, its bytes are kept. */
export async function recordRefusal(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  { establishment, sender, door, requestKey, requestSha256 }: Known,
  { submission, refusal, bytes, sha256, subject }: Refused,
): Promise<Reception> {
  const nowMs = clock.now();
  const reference = { id: newId(nowMs), sha256, size: bytes.length };
  const { code, status, findings, verdicts } = refusal;
  const data: EventData['submission.refused'] = {
    ...{ submission, sender: sender.id, door, requestKey, requestSha256, code, status },
    ...{ codes: [...new Set(findings.map((one) => one.code))], body: reference },
  };
  const record: RefusedRecord = { findings, verdicts };
  await ledger.append({
    establishment: establishment.id,
    nowMs,
    expect: requestKey === null ? {} : { [`request:${requestKey}`]: 0 },
    events: [{ type: 'submission.refused', data, subject, personal: Buffer.from(JSON.stringify(record)) }],
    bodies: [{ id: reference.id, bytes, retention: 'refused', subject }],
  });
  return { accepted: false, submission, repeated: false, refusal };
}

export function subjectOfRefused(checked: readonly Checked[]): Subject {
  const [first] = checked;
  return {
    ins: first?.identity?.matricule ?? null,
    ipp: first?.facts ? localIdOf(first.facts, first.identity?.oid ?? null) : null,
  };
}

/** The first identifier of the patient that is not the INS. */
export function localIdOf(facts: DocumentFacts, insRoot: string | null): string | null {
  const local = facts.patient?.ids.find(({ root, extension }) => root !== insRoot && extension !== null);
  return local ? `${local.root}^${local.extension}` : null;
}
