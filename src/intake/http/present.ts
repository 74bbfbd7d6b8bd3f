import { parsePersonal } from '../../delivery/job.ts';
import { sentenceOf } from '../../delivery/sentence.ts';
import type { WaitingFor } from '../../delivery/waiting.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, DocumentRow, SubmissionRow } from '../../ledger/views.ts';
import type { LedgerEvent, VerdictSummary } from '../../words/events.ts';
import type { Finding, Verdict } from '../../words/findings.ts';
import type { Language } from '../../words/language.ts';
import type { NoticeEventType } from '../../words/notice.ts';
import { type AddressSight, presentMail } from './present-mail.ts';

/** Why a delivery has not left. */
type Waiting = (delivery: DeliveryRow) => WaitingFor | null;

/** For whom something is shown, and what only the running gateway knows. */
export interface Sight {
  language: Language;
  waitingFor: Waiting;
  addresses: AddressSight;
}

/** A finding as the interfaces show it. */
export function presentFinding(finding: Finding, language: Language) {
  const { code, severity, source, schema, message, detail, location, line, column, pack, remedy } = finding;
  const { explained } = finding;
  const words = language === 'en' && source !== 'schematron' ? detail : message;
  return {
    code,
    severity,
    source,
    schema,
    message: words,
    detail,
    location,
    line,
    column,
    pack,
    remedy: remedy?.[language] ?? null,
    ...(explained ? { rule: explained } : {}),
  };
}

/** A verdict as the interfaces show it; of a stored one only pack, model and edition of the profile are kept. */
export function presentVerdict(
  verdict: Pick<Verdict, 'judgement' | 'findings' | 'notEvaluated' | 'packs'> & {
    profile?: VerdictSummary['profile'];
  },
  language: Language,
) {
  const { judgement, findings, notEvaluated, packs, profile = null } = verdict;
  return {
    judgement,
    findings: findings.map((finding) => presentFinding(finding, language)),
    notEvaluated,
    packs,
    profile,
  };
}

/** A submission as `GET /api/submissions/{id}` answers it (design, Public surface). */
export async function presentSubmission(view: LedgerView, row: SubmissionRow, sight: Sight) {
  const { language } = sight;
  const [documents, deliveries] = await Promise.all([view.documents(row.id), view.deliveriesOf(row.id)]);
  const findings = await findingsOf(view, row);
  const events = await view.timeline([
    `submission:${row.id}`,
    ...deliveries.map(({ id }) => `delivery:${id}`),
  ]);
  return {
    ...heading(row),
    documents: documents.map((document, index) =>
      presentDocument(document, findings[index] ?? null, language),
    ),
    deliveries: await Promise.all(
      deliveries.map((delivery) => presentDelivery(view, delivery, events, sight)),
    ),
    timeline: events.flatMap((event) => presentEvent(event, row.id)),
  };
}

/** A submission in a list: no findings, no time line. */
export async function presentListed(view: LedgerView, row: SubmissionRow, waitingFor: Waiting) {
  const [documents, deliveries] = await Promise.all([view.documents(row.id), view.deliveriesOf(row.id)]);
  return {
    ...heading(row),
    documents: documents.map(({ uniqueId, typeCode, level, verdict: { judgement } }) => ({
      uniqueId,
      typeCode,
      level,
      verdict: { judgement },
    })),
    deliveries: deliveries.map((delivery) => {
      const { id, destination, state, outcome, code } = delivery;
      const waiting = waitingFor(delivery);
      return {
        ...{ id, destination: destinationOf(destination), state, outcome, code },
        ...{ hold: delivery.hold ?? delivery.escalated, waitingFor: waiting },
      };
    }),
  };
}

function heading({ id, receivedAt, sender, door, operation, state, code, target, facts }: SubmissionRow) {
  const { stay = null, withdrawal = null } = facts;
  return { id, receivedAt, sender, door, operation, state, code, target, stay, withdrawal };
}

/** Findings by document, null where they can no longer be read. */
async function findingsOf(
  view: LedgerView,
  { personalRef, state }: SubmissionRow,
): Promise<(Finding[] | null)[]> {
  const bytes = personalRef ? await view.personal(personalRef) : null;
  if (!bytes) return [];
  return state === 'refused' ? [] : parsePersonal(bytes).findings;
}

function presentDocument(document: DocumentRow, findings: Finding[] | null, language: Language) {
  const { uniqueId, setId, versionNumber, typeCode, level, body, verdict } = document;
  const { judgement, notEvaluated, packs, codes, profile = null } = verdict;
  const shown = presentVerdict(
    { judgement, findings: findings ?? [], notEvaluated, packs, profile },
    language,
  );
  return {
    uniqueId,
    setId,
    versionNumber,
    typeCode,
    level,
    size: body.size,
    sha256: body.sha256,
    verdict: { ...shown, codes },
  };
}

export async function presentDelivery(
  view: LedgerView,
  delivery: DeliveryRow,
  events: readonly LedgerEvent[],
  { language, waitingFor, addresses }: Sight,
) {
  const {
    id,
    destination,
    operation,
    state,
    outcome,
    code,
    results,
    attempts,
    dueAtMs,
    waitsFor,
    hold,
    escalated,
    lane,
    receipt,
    finishedAt,
  } = delivery;
  const said = code === null ? null : sentenceOf(code);
  const mail = await presentMail(view, delivery, addresses);
  return {
    ...{ id, destination: { ...destinationOf(destination), ...(mail && { address: mail.address }) } },
    ...{ operation, state, outcome, code, lane },
    ...{ message: said?.message[language] ?? null, remedy: said?.remedy?.[language] ?? null },
    dueAt: dueAtMs === null ? null : new Date(dueAtMs).toISOString(),
    waitsFor,
    hold: hold ?? escalated,
    waitingFor: waitingFor(delivery),
    results,
    attemptCount: attempts,
    attempts: attemptsOf(events, id, language),
    receipt: receipt && { id: receipt.id, sha256: receipt.sha256, at: finishedAt },
    ...(mail && { accepted: mail.accepted, receipts: mail.receipts }),
  };
}

function destinationOf({ kind, class: audience }: DeliveryRow['destination']) {
  return audience === undefined ? { kind } : { kind, class: audience };
}

/** Each attempt with how it ended, from the events of its delivery. */
function attemptsOf(events: readonly LedgerEvent[], id: string, language: Language) {
  const attempts: {
    attempt: number;
    startedAt: string;
    endedAt: string | null;
    result: string | null;
    code: string | null;
    receipt: string | null;
    traces: { code: string; message: string | null }[];
  }[] = [];
  for (const event of events) {
    if (!event.type.startsWith('delivery.')) continue;
    if (!('delivery' in event.data) || event.data.delivery !== id) continue;
    if (event.type === 'delivery.sending')
      attempts.push({
        attempt: event.data.attempt,
        startedAt: event.at,
        endedAt: null,
        result: null,
        code: null,
        receipt: null,
        traces: tracesOf(event.data.traces ?? [], language),
      });
    const last = attempts.at(-1);
    if (last && last.endedAt === null && event.type !== 'delivery.sending') {
      Object.assign(last, {
        endedAt: event.at,
        result: event.type.slice('delivery.'.length),
        code: 'code' in event.data ? event.data.code : null,
        receipt: ('receipt' in event.data && event.data.receipt?.id) || null,
      });
    }
  }
  return attempts;
}

/** What was permitted by a setting only, or learnt of the recipient, before the first byte left. */
function tracesOf(codes: readonly string[], language: Language) {
  return codes.map((code) => ({ code, message: sentenceOf(code)?.message[language] ?? null }));
}

/** An event as the time line shows it; what other submissions did to a shared delivery is shown without naming them. */
function presentEvent(event: LedgerEvent, submission: string) {
  const { at, type, data, seq } = event;
  if (isNotice(event)) return [presentNoticeEvent(event)];
  if (event.type === 'withdrawal.asked') return [{ at, seq, type, withdrawal: event.data.withdrawal }];
  if ('submission' in data) return data.submission === submission ? [{ at, seq, type }] : [];
  if (!('delivery' in data)) return [];
  const { delivery } = data;
  const code = 'code' in data ? data.code : null;
  const outcome = type === 'delivery.finished' ? data.outcome : null;
  const dueAt = 'dueAt' in data ? data.dueAt : null;
  return [{ at, seq, type, delivery, code, outcome, dueAt, ...authorOf(event) }];
}

/** Who did it and why, where a person did or a date came. */
function authorOf({ data }: LedgerEvent): object {
  const { by, reason, until, retry, original } = data as unknown as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries({ by, reason, until, retry, original }).filter(([, value]) => value !== undefined),
  );
}

type NoticeEvent = LedgerEvent<NoticeEventType>;

function isNotice(event: LedgerEvent): event is NoticeEvent {
  return event.type.startsWith('notice.');
}

function presentNoticeEvent({ at, type, data, seq }: NoticeEvent) {
  return {
    ...{ at, seq, type, notice: data.notice, code: 'code' in data ? data.code : null },
    ...{ dueAt: 'dueAt' in data ? data.dueAt : null },
  };
}
