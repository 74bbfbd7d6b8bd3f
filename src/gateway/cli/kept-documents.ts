import { isGone } from '../../ledger/errors.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { BodyReference, DocumentEntry, LedgerEvent } from '../../words/events.ts';
import type { Finding } from '../../words/findings.ts';
import { ProgressBar } from './progress.ts';

type Submitted = LedgerEvent<'submission.accepted'> | LedgerEvent<'submission.refused'>;

/** A document that came in, with its bytes while they are kept. */
export interface KeptDocument {
  event: Submitted;
  /** Null for a refused document: the ledger keeps no facts of it. */
  entry: DocumentEntry | null;
  bytes: Buffer | null;
  /** The findings with which it was refused; null when it was not, or when they were erased. */
  recorded: Finding[] | null;
}

/** The documents of one establishment in the order in which they came, from an instant on. */
export async function* keptDocuments(view: LedgerView, sinceMs = 0): AsyncGenerator<KeptDocument> {
  const bar = new ProgressBar(await view.lastSeq());
  for (let from = 1; ; ) {
    const events = await view.events(from, PAGE);
    for (const event of events) {
      bar.step();
      if (Date.parse(event.at) < sinceMs) continue;
      yield* documentsOf(view, event);
    }
    if (events.length < PAGE) break;
    from = events.at(-1)!.seq + 1;
  }
  bar.end();
}

const PAGE = 200;

/** The documents that one event brought; none for events about anything else. */
export async function* documentsOf(view: LedgerView, event: LedgerEvent): AsyncGenerator<KeptDocument> {
  for (const { entry, body } of bodiesOf(event))
    yield {
      event: event as Submitted,
      entry,
      bytes: await bytesOf(view, body),
      recorded: entry ? null : await recordedOf(view, event),
    };
}

function bodiesOf(event: LedgerEvent): { entry: DocumentEntry | null; body: BodyReference }[] {
  if (event.type === 'submission.accepted')
    return event.data.documents.map((entry) => ({ entry, body: entry.body }));
  const judged = event.type === 'submission.refused' && event.data.code === 'document.invalid';
  return judged && event.data.body ? [{ entry: null, body: event.data.body }] : [];
}

async function recordedOf(view: LedgerView, { personal }: LedgerEvent): Promise<Finding[] | null> {
  const record = personal ? await view.personal(personal.ref) : null;
  return record ? (JSON.parse(record.toString('utf8')) as { findings: Finding[] }).findings : null;
}

async function bytesOf(view: LedgerView, { id }: BodyReference): Promise<Buffer | null> {
  try {
    return Buffer.from(await view.body(id));
  } catch (error) {
    if (!isGone(error)) throw error;
    return null;
  }
}
