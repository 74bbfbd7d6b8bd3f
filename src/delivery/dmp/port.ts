import type { DeliveryRow } from '../../ledger/views.ts';
import type { Clock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { BodyReference } from '../../words/events.ts';
import { newOid } from '../../words/ids.ts';
import { deletionLot, deriveLot, symbolicIds } from '../../xds/derive.ts';
import { submitObjectsRequest } from '../../xds/ebxml.ts';
import type { Lot } from '../../xds/model.ts';
import { insOf } from '../../xds/patient.ts';
import { establishmentSettings, type Installation, lotContext } from '../../xds/sending.ts';
import type { XdsSettings } from '../../xds/settings.ts';
import { Markup } from '../../xml/writer.ts';
import type { AttemptOutcome, DestinationPort, Prepared, Resolution } from '../destination.ts';
import type { Job } from '../job.ts';
import type { DmpConnection } from './connection.ts';
import { findDocument, type RegisteredEntry } from './iti-18.ts';
import { provideAndRegister } from './iti-41.ts';
import { updateDocumentSet } from './iti-57.ts';
import type { DmpOutcome } from './outcome.ts';

export interface DmpPortOptions {
  /** The connection that an establishment authenticates on. */
  connectionOf(establishment: string): DmpConnection;
  clock: Clock;
  installation: Installation;
  settings: XdsSettings;
  establishments: ReadonlyMap<string, Establishment>;
}

/** What a look-up before a replacement or a deletion came to. */
type Target = { entry: RegisteredEntry | null } | { failed: AttemptOutcome };

/**
 * The DMP as a destination: TD2.1a, TD2.1b (replacement) and TD3.3c (deletion), with TD3.1b to find what is to be replaced
 * or deleted and to resolve doubt. What the DMP holds is always asked of the DMP, never concluded from memory.
 */
export class DmpPort implements DestinationPort {
  readonly kind = 'dmp';
  readonly #options: DmpPortOptions;

  constructor(options: DmpPortOptions) {
    this.#options = options;
  }

  async prepare(job: Job, signal: AbortSignal): ReturnType<DestinationPort['prepare']> {
    if (job.delivery.operation === 'deposit')
      return { ready: this.#prepared((lot) => this.#depositLot(job, lot, {})) };
    const version = await lastDelivered(job);
    if (version === 'never')
      return job.delivery.operation === 'delete'
        ? { nothing: 'delivery.nothing-to-delete' }
        : { ready: this.#asNew(job) };
    const target = await this.#lookUp(job, version ?? job.submission.target!, signal);
    if ('failed' in target) return target;
    if (job.delivery.operation === 'delete') return this.#deletion(job, target.entry);
    const parent = job.submission.target!;
    const replaces = target.entry ? { [parent]: target.entry.entryUuid } : {};
    return { ready: this.#prepared((lot) => this.#depositLot(job, lot, replaces)) };
  }

  async send(
    job: Job,
    lot: { uniqueId: string; metadata: BodyReference },
    signal: AbortSignal,
    prepared: Prepared | null,
  ): Promise<AttemptOutcome> {
    const written = prepared?.metadata ?? (await job.view.body(lot.metadata.id));
    const metadata = new Markup(Buffer.from(written).toString('utf8'));
    const connection = this.#options.connectionOf(job.establishment);
    if (job.delivery.operation === 'delete')
      return attemptOf(await updateDocumentSet(connection, { metadata, security: null }, signal));
    const ids = symbolicIds(lot.uniqueId);
    const bodies = await Promise.all(job.documents.map(({ body }) => job.view.body(body.id)));
    const documents = bodies.map((bytes, index) => ({ symbolicId: ids.document(index), bytes }));
    return attemptOf(await provideAndRegister(connection, { metadata, documents, security: null }, signal));
  }

  /** A deposit has arrived when every document is found; a deletion when the document no longer is. */
  async resolve(job: Job, signal: AbortSignal): Promise<Resolution> {
    const deletion = job.delivery.operation === 'delete';
    const asked = deletion ? [await deletedDocument(job)] : job.delivery.documents;
    const entries: Record<string, string> = {};
    for (const uniqueId of asked) {
      const search = await findDocument(
        this.#options.connectionOf(job.establishment),
        { uniqueId, security: null },
        signal,
      );
      if (search.kind === 'failed')
        return { found: null, code: search.outcome.code, aboutDocument: aboutDocument(search.outcome) };
      const [entry] = search.entries;
      if (entry) entries[uniqueId] = entry.entryUuid;
    }
    const all = asked.every((uniqueId) => uniqueId in entries);
    const done = deletion ? Object.keys(entries).length === 0 : all;
    return done ? { found: true, entries: deletion ? {} : entries, raw: null } : { found: false };
  }

  async #lookUp(job: Job, uniqueId: string, signal: AbortSignal): Promise<Target> {
    const connection = this.#options.connectionOf(job.establishment);
    const search = await findDocument(connection, { uniqueId, security: null }, signal);
    if (search.kind === 'failed') return { failed: attemptOf(search.outcome) };
    return { entry: search.entries[0] ?? null };
  }

  #deletion(job: Job, entry: RegisteredEntry | null): { ready: Prepared } | { nothing: string } {
    if (!entry) return { nothing: 'delivery.nothing-to-delete' };
    const patientId = insOf(job.personal.facts[0]!.patient)!;
    const target = { entryUuid: entry.entryUuid, status: 'Approved' as const };
    return { ready: this.#prepared((lot) => deletionLot({ ...this.#context(job, lot), patientId, target })) };
  }

  /** A replacement whose predecessor never arrived is deposited as a new document (sheet 14.1). */
  #asNew(job: Job): Prepared {
    return this.#prepared((lot) => this.#depositLot(job, lot, {}));
  }

  #depositLot(job: Job, lot: LotIdentity, replaces: Record<string, string>): Lot {
    const documents = job.documents.map((_, index) => ({ facts: factsOf(job, index) }));
    return deriveLot({ ...this.#context(job, lot), documents, replaces }).lot;
  }

  #prepared(make: (lot: LotIdentity) => Lot): Prepared {
    const { clock, installation } = this.#options;
    const submissionTime = clock.now();
    const lotUniqueId = newOid(installation.sourceId, submissionTime);
    return {
      lotUniqueId,
      metadata: Buffer.from(submitObjectsRequest(make({ lotUniqueId, submissionTime })).text),
    };
  }

  #context(job: Job, lot: LotIdentity) {
    const { installation, settings, establishments } = this.#options;
    const about = {
      request: job.personal.request,
      structure: job.submission.facts.structure,
      settings: establishmentSettings(settings, establishments.get(job.establishment)!),
    };
    return lotContext(installation, about, lot);
  }
}

interface LotIdentity {
  lotUniqueId: string;
  submissionTime: number;
}

/** Facts stand in the order of the submission's documents; a delivery may carry only some of them. */
function factsOf(job: Job, index: number) {
  const { uniqueId } = job.documents[index]!;
  return job.personal.facts.find(({ id }) => id.root === uniqueId)!;
}

/**
 * The document of the chain that the DMP should hold: the last one delivered before this delivery. `never` when the chain
 * is known here and nothing of it arrived; null when the target is not known here at all.
 */
async function lastDelivered(job: Job): Promise<string | 'never' | null> {
  const chain = await job.view.chain(job.delivery.chain);
  const earlier = chain.filter(
    (one) =>
      one.seq < job.delivery.seq &&
      one.operation !== 'delete' &&
      one.destination.kind === job.delivery.destination.kind,
  );
  const arrived = earlier.findLast((one: DeliveryRow) => one.outcome === 'delivered');
  if (arrived)
    return arrived.documents.find((uniqueId) => uniqueId === job.submission.target) ?? arrived.documents[0]!;
  return earlier.length > 0 ? 'never' : null;
}

/** The document that a deletion takes away: the version that is there, else the one it names. */
async function deletedDocument(job: Job): Promise<string> {
  const version = await lastDelivered(job);
  return version === null || version === 'never' ? job.submission.target! : version;
}

/** What an outcome at the DMP means for the delivery. */
function attemptOf(outcome: DmpOutcome): AttemptOutcome {
  const { code, raw } = outcome;
  switch (outcome.result) {
    case 'delivered':
      return { result: 'delivered', code, entries: {}, raw };
    case 'refused':
      return { result: 'refused', code, raw };
    case 'transient':
      return { result: 'failed', code, aboutDocument: aboutDocument(outcome), raw };
    case 'ambiguous':
      return { result: 'ambiguous', code, raw };
    case 'already-there':
      return { result: 'ambiguous', code, askNow: true, raw };
    case 'configuration':
      return { result: 'blocked', code, class: 'configuration', raw };
    case 'unknown':
      return { result: 'blocked', code, class: 'permanent', raw };
  }
}

/** Only the registry speaks about a document; everything below it is the trouble of the destination. */
function aboutDocument({ layer }: DmpOutcome): boolean {
  return layer === 'registry';
}
