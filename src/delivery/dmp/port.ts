import { createHash } from 'node:crypto';
import { canonicalDigests } from '../../checks/canonical-digests.ts';
import type { DeliveryRow } from '../../ledger/views.ts';
import type { Clock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { LotReference } from '../../words/events.ts';
import { newOid } from '../../words/ids.ts';
import { deletionLot, deriveLot, symbolicIds } from '../../xds/derive.ts';
import { submitObjectsRequest } from '../../xds/ebxml.ts';
import type { Lot } from '../../xds/model.ts';
import { insOf } from '../../xds/patient.ts';
import { establishmentSettings, type Installation, lotContext } from '../../xds/sending.ts';
import type { XdsSettings } from '../../xds/settings.ts';
import { withSignature } from '../../xds/signature.ts';
import { parseXml } from '../../xml/parse.ts';
import { Markup } from '../../xml/writer.ts';
import type { AttemptOutcome, DestinationPort, Prepared, Resolution } from '../destination.ts';
import { factsOf, type Job } from '../job.ts';
import { mayBeStale } from './codes.ts';
import type { DmpConnection } from './connection.ts';
import type { Digest, Seal } from './credentials/seal.ts';
import { statusBefore } from './deleted-status.ts';
import { type DmpSearch, findDocument, type RegisteredEntry } from './iti-18.ts';
import { provideAndRegister } from './iti-41.ts';
import { updateDocumentSet } from './iti-57.ts';
import type { DmpOutcome } from './outcome.ts';
import { Precheck, type PrecheckMode, type PrecheckRefusal } from './precheck.ts';
import { type SignedLot, writeLotSignature } from './signature/lot-signature.ts';
import { askDmpStatus } from './td0-2.ts';
import { vihfContent } from './vihf/content.ts';
import type { RoleTable } from './vihf/roles.ts';
import { type HomologatedProduct, securityHeader, type VihfSettings } from './vihf/vihf.ts';

export interface DmpPortOptions {
  /** How a structure (Struct_IdNat) of an establishment reaches the DMP and answers for what it sends. */
  accessOf(establishment: string, structure: string): DmpAccess;
  /** Whether the DMP is asked before a deposit, and as what the question is marked. */
  precheck?: { mode: PrecheckMode; processing: 'P' | 'D' };
  clock: Clock;
  installation: Installation;
  settings: XdsSettings;
  establishments: ReadonlyMap<string, Establishment>;
}

/** Connection and seal of one structure. */
export interface DmpAccess {
  connection: DmpConnection;
  /** Null: requests go without VIHF and without signature, which the DMP refuses; outside production only. */
  seal: Seal | null;
  vihf: VihfSettings;
  /** Digest of the lot's signature. */
  signatureDigest: Digest;
  product: HomologatedProduct;
  /** Roles of requesters in the VIHF, where the establishment's own table says. */
  roleTable?: RoleTable;
}

/** What a look-up before a replacement or a deletion came to. */
type Target = { entry: RegisteredEntry | null } | { failed: AttemptOutcome };

const UNKNOWN_TARGET: AttemptOutcome = { result: 'refused', code: 'delivery.target-unknown', raw: null };

/**
 * The DMP as a destination: TD2.1a, TD2.1b (replacement) and TD3.3c (deletion), with TD3.1b to find what is to be replaced
 * or deleted and to resolve doubt. What the DMP holds is always asked of the DMP, never concluded from memory.
 */
export class DmpPort implements DestinationPort {
  readonly kind = 'dmp';
  readonly #options: DmpPortOptions;
  readonly #precheck: Precheck;

  constructor(options: DmpPortOptions) {
    this.#options = options;
    this.#precheck = new Precheck(options.precheck?.mode ?? 'never');
  }

  async prepare(job: Job, signal: AbortSignal): ReturnType<DestinationPort['prepare']> {
    if (job.delivery.operation === 'deposit') {
      const code = await this.#refusal(job, signal);
      if (code) return { failed: { result: 'refused', code, raw: null } };
      return { ready: await this.#deposit(job, {}) };
    }
    const version = await lastDelivered(job);
    if (version === 'never')
      return job.delivery.operation === 'delete'
        ? { nothing: 'delivery.nothing-to-delete' }
        : { ready: await this.#deposit(job, {}) };
    const target = await this.#lookUp(job, version ?? targetOf(job), signal);
    if ('failed' in target) return target;
    if (job.delivery.operation === 'delete') {
      // Neither known here nor there: most likely another document is meant, and its sender must hear of it.
      if (version === null && !target.entry) return { failed: UNKNOWN_TARGET };
      return this.#deletion(job, target.entry);
    }
    const beside = await this.#parentsBeside(job, signal);
    if ('failed' in beside) return beside;
    const own = target.entry ? { [targetOf(job)]: target.entry.entryUuid } : {};
    return { ready: await this.#deposit(job, { ...beside.replaces, ...own }) };
  }

  /** Where the DMP holds what the other documents of a lot replace: each document says its own. */
  async #parentsBeside(
    job: Job,
    signal: AbortSignal,
  ): Promise<{ replaces: Record<string, string> } | { failed: AttemptOutcome }> {
    const named = new Set(job.documents.flatMap(({ parents }) => parents.slice(0, 1)));
    named.delete(targetOf(job));
    const replaces: Record<string, string> = {};
    for (const parent of named) {
      const found = await this.#lookUp(job, parent, signal);
      if ('failed' in found) return found;
      if (found.entry) replaces[parent] = found.entry.entryUuid;
    }
    return { replaces };
  }

  async send(
    job: Job,
    lot: LotReference,
    signal: AbortSignal,
    made: Prepared | null,
  ): Promise<AttemptOutcome> {
    const written = made?.metadata ?? (await job.view.body(lot.metadata.id));
    const metadata = new Markup(Buffer.from(written).toString('utf8'));
    const { connection } = this.#access(job);
    const security = await this.#security(job);
    if (job.delivery.operation === 'delete')
      return sentOf(await updateDocumentSet(connection, { metadata, security }, signal), job);
    const ids = symbolicIds(lot.uniqueId);
    const signature = await signatureOf(job, lot, made);
    const bodies: Uint8Array[] = await Promise.all(job.documents.map(({ body }) => job.view.body(body.id)));
    const documents = bodies.map((bytes, index) => ({ symbolicId: ids.document(index), bytes }));
    if (signature) documents.push({ symbolicId: ids.signature, bytes: signature });
    return sentOf(await provideAndRegister(connection, { metadata, documents, security }, signal), job);
  }

  outdated({ delivery }: Job): boolean {
    return delivery.operation !== 'deposit' && delivery.code !== null && mayBeStale(delivery.code);
  }

  /** A deposit has arrived when every document is found; a deletion when the document no longer is. */
  async resolve(job: Job, signal: AbortSignal): Promise<Resolution> {
    const deletion = job.delivery.operation === 'delete';
    const asked = deletion ? [await deletedDocument(job)] : job.delivery.documents;
    const entries: Record<string, string> = {};
    for (const uniqueId of asked) {
      const search = await this.#find(job, uniqueId, signal);
      if (search.kind === 'failed') return unresolved(search.outcome);
      const [entry] = search.entries;
      if (entry) entries[uniqueId] = entry.entryUuid;
    }
    const all = asked.every((uniqueId) => uniqueId in entries);
    const done = deletion ? Object.keys(entries).length === 0 : all;
    return done ? { found: true, entries: deletion ? {} : entries, raw: null } : { found: false };
  }

  async #refusal(job: Job, signal: AbortSignal): Promise<PrecheckRefusal> {
    const { clock, installation, precheck } = this.#options;
    const ins = insOf(job.personal.facts[0]!.patient);
    if (!ins || !precheck) return null;
    const { value, authority } = ins;
    const nowMs = clock.now();
    return this.#precheck.refusal(`${job.establishment} ${authority} ${value}`, nowMs, async () => {
      const { connection, product } = this.#access(job);
      const about = { patient: { value, authority }, installation: installation.sourceId, nowMs };
      const security = await this.#security(job);
      const { processing } = precheck;
      return askDmpStatus(connection, { ...about, software: product.name, processing, security }, signal);
    });
  }

  async #lookUp(job: Job, uniqueId: string, signal: AbortSignal): Promise<Target> {
    const search = await this.#find(job, uniqueId, signal);
    if (search.kind === 'failed') return { failed: attemptOf(search.outcome) };
    return { entry: search.entries[0] ?? null };
  }

  #deletion(job: Job, entry: RegisteredEntry | null): { ready: Prepared } | { nothing: string } {
    if (!entry) return { nothing: 'delivery.nothing-to-delete' };
    const patientId = insOf(job.personal.facts[0]!.patient)!;
    const target = { entryUuid: entry.entryUuid, status: statusBefore(entry) };
    const identity = this.#newLot();
    return { ready: prepared(deletionLot({ ...this.#context(job, identity), patientId, target })) };
  }

  /** A lot with the documents, signed. Without anything to replace it is new: its predecessor may never have arrived (sheet 14.1). */
  async #deposit(job: Job, replaces: Record<string, string>): Promise<Prepared> {
    const identity = this.#newLot();
    const documents = factsOf(job).map((facts) => ({ facts }));
    const { lot } = deriveLot({ ...this.#context(job, identity), documents, replaces });
    const { seal, signatureDigest } = this.#access(job);
    return seal ? this.#signed(lot, await digestsOf(job, signatureDigest), identity, job) : prepared(lot);
  }

  async #signed(
    lot: Lot,
    documents: SignedLot['documents'],
    { lotUniqueId, submissionTime }: LotIdentity,
    job: Job,
  ): Promise<Prepared> {
    const { installation } = this.#options;
    const { seal, signatureDigest } = this.#access(job);
    const about = { uniqueId: lotUniqueId, documents, signedAt: submissionTime };
    const signature = Buffer.from(await writeLotSignature(about, seal!, signatureDigest));
    const written = {
      uniqueId: newOid(installation.sourceId, submissionTime),
      hash: createHash('sha1').update(signature).digest('hex'),
      size: signature.length,
    };
    return { ...prepared(withSignature(lot, symbolicIds(lotUniqueId).signature, written)), signature };
  }

  #newLot(): LotIdentity {
    const { clock, installation } = this.#options;
    const submissionTime = clock.now();
    return { lotUniqueId: newOid(installation.sourceId, submissionTime), submissionTime };
  }

  #access(job: Job): DmpAccess {
    return this.#options.accessOf(job.establishment, job.submission.facts.structure.id);
  }

  async #find(job: Job, uniqueId: string, signal: AbortSignal): Promise<DmpSearch> {
    const { connection } = this.#access(job);
    return findDocument(connection, { uniqueId, security: await this.#security(job) }, signal);
  }

  /** A VIHF for this call alone: one patient, one structure, one instant. */
  async #security(job: Job): Promise<Markup | null> {
    const { clock, installation, establishments } = this.#options;
    const { seal, vihf, product, roleTable } = this.#access(job);
    if (!seal) return null;
    const { request, facts } = job.personal;
    const nowMs = clock.now();
    const caller = {
      structure: job.submission.facts.structure.id,
      sector: establishments.get(job.establishment)!.sector,
      patient: insOf(facts[0]!.patient),
      requester: request.requester,
      secretConnection: request.secretConnection,
      ...(roleTable && { roleTable }),
      nowMs,
    };
    return securityHeader(vihfContent(caller, product, installation.sourceId), seal, vihf, nowMs);
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

function prepared(lot: Lot): Prepared {
  const { uniqueId } = lot.submissionSet;
  return { lotUniqueId: uniqueId, metadata: Buffer.from(submitObjectsRequest(lot).text) };
}

/** What the manifest says of each document; one that was judged by an earlier build is read once more. */
function digestsOf(job: Job, digest: Digest): Promise<SignedLot['documents']> {
  const facts = factsOf(job);
  return Promise.all(
    job.documents.map(async ({ uniqueId, body }, index) => {
      const known = facts[index]!.canonical;
      const digests = known ?? canonicalDigests(parseXml(await job.view.body(body.id)));
      return { uniqueId, digest: digests[digest] };
    }),
  );
}

/** The signature as it was written with the metadata; null for a lot without one. */
async function signatureOf(job: Job, lot: LotReference, made: Prepared | null): Promise<Uint8Array | null> {
  if (made) return made.signature ?? null;
  return lot.signature ? job.view.body(lot.signature.id) : null;
}

interface LotIdentity {
  lotUniqueId: string;
  submissionTime: number;
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
    return arrived.documents.find((uniqueId) => uniqueId === targetOf(job)) ?? arrived.documents[0]!;
  return earlier.length > 0 ? 'never' : null;
}

/** The document that a deletion takes away: the version that is there, else the one it names. */
async function deletedDocument(job: Job): Promise<string> {
  const version = await lastDelivered(job);
  return version === null || version === 'never' ? targetOf(job) : version;
}

/** The document that a delivery replaces or deletes; of several that a request deletes, each has a delivery of its own. */
function targetOf({ delivery, submission }: Job): string {
  return delivery.operation === 'delete' ? delivery.documents[0]! : submission.target!;
}

/**
 * What the answer to a call that changes something means. A refusal that may come from an entryUUID read too long ago is
 * worth one new look-up; the same again after it is final.
 */
function sentOf(outcome: DmpOutcome, { delivery }: Job): AttemptOutcome {
  const { code, raw } = outcome;
  if (delivery.operation === 'deposit' || !mayBeStale(code)) return attemptOf(outcome);
  const again = delivery.code !== null && mayBeStale(delivery.code);
  return again ? { result: 'refused', code, raw } : { result: 'ambiguous', code, askNow: true, raw };
}

function unresolved(outcome: DmpOutcome): Resolution {
  const misconfigured = outcome.result === 'configuration';
  return { found: null, code: outcome.code, aboutDocument: aboutDocument(outcome), misconfigured };
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
      return { result: 'ambiguous', code, aboutDocument: aboutDocument(outcome), raw };
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
