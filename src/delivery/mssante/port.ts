import { createHash, randomUUID } from 'node:crypto';
import { mayQualify } from '../../identity/qualification.ts';
import type { Clock } from '../../words/clock.ts';
import type { Environment } from '../../words/environment.ts';
import { type ErrorClass, isViaducError } from '../../words/errors.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { LotReference } from '../../words/events.ts';
import type { Operation, SubmissionRequest } from '../../words/request.ts';
import { establishmentSettings, type Installation, lotContext } from '../../xds/sending.ts';
import type { XdsSettings } from '../../xds/settings.ts';
import { writeArchive } from '../../xds/xdm/archive.ts';
import type { ActionSlot } from '../../xds/xdm/lot.ts';
import type { ArchiveProduct } from '../../xds/xdm/readme.ts';
import { verifyArchive } from '../../xds/xdm/verify.ts';
import type { AttemptOutcome, DestinationPort, Prepared, Resolution } from '../destination.ts';
import { factsOf, type Job } from '../job.ts';
import { type MailWaits, receiptAwaited } from './awaited.ts';
import { followingMail } from './earlier.ts';
import type { Mailbox } from './mailbox.ts';
import { domainOf, recipientAddress } from './message/address.ts';
import { compose, messageIdOf } from './message/compose.ts';
import type { Texts } from './message/texts.ts';
import { recipientIn } from './recipient.ts';
import { attemptOf } from './submitted.ts';

export interface MssantePortOptions {
  clock: Clock;
  environment: Environment;
  installation: Installation;
  settings: XdsSettings;
  establishments: ReadonlyMap<string, Establishment>;
  /** By establishment and id; null for one that the configuration no longer names. */
  mailboxOf(establishment: string, id: string): Mailbox | null;
  /** @throws ViaducError `mssante.domain-not-listed`, `mssante.white-list-missing` for a domain that may not be written to */
  requireListed(domain: string): void;
  /** The PDF of a CDA by which it is read without health software. @throws ViaducError `cda.…` */
  copyOf(document: Uint8Array): Promise<Buffer>;
  /** The keyed hash under which the address of a delivery is known. */
  hashOf(establishment: string, address: string): string;
  /** Codes of what the directory says of an address; absent: it is not asked. Never fails, and never takes long. */
  tracesOf?(address: string): Promise<string[]>;
  product: ArchiveProduct;
  action: ActionSlot;
  accents: boolean;
  texts: Texts | null;
  patientDomain: string;
  /** Bytes. */
  patientSizeLimit: number;
  waits: MailWaits;
}

/**
 * MSSanté as a destination: one mail to one recipient. It is written once, kept before its first byte leaves, and the same
 * bytes with the same Message-ID and ENVID leave on every repetition. Taken over by the operator it waits for its DSN; what
 * may have been taken over is never sent again by itself.
 */
export class MssantePort implements DestinationPort {
  readonly kind = 'mssante';
  readonly #options: MssantePortOptions;

  constructor(options: MssantePortOptions) {
    this.#options = options;
  }

  async prepare(job: Job, signal: AbortSignal): ReturnType<DestinationPort['prepare']> {
    const mailbox = this.#mailbox(job);
    if (!mailbox) return { failed: blocked('mssante.mailbox-unknown', 'configuration') };
    try {
      const recipient = this.#recipient(job);
      if (!recipient) return { failed: blocked('mssante.recipient-gone', 'permanent') };
      this.#options.requireListed(domainOf(recipient.address) ?? '');
      const [ready, traces] = await Promise.all([
        this.#compose(job, mailbox, recipient),
        this.#traces(recipient),
      ]);
      return { ready: { ...ready, traces } };
    } catch (error) {
      if (signal.aborted) return { failed: later('delivery.gateway-stopped') };
      if (!isViaducError(error) || error.code.startsWith('ledger.')) throw error;
      return { failed: failedBy(error.code, error.class) };
    }
  }

  async send(
    job: Job,
    lot: LotReference,
    signal: AbortSignal,
    made: Prepared | null,
  ): Promise<AttemptOutcome> {
    const mailbox = this.#mailbox(job);
    if (!mailbox) return blocked('mssante.mailbox-unknown', 'configuration');
    const recipient = this.#recipient(job);
    if (!recipient) return blocked('mssante.recipient-gone', 'permanent');
    const raw = made?.metadata ?? (await job.view.body(lot.metadata.id));
    const mail = { from: mailbox.address, to: recipient.address, raw, envelopeId: lot.uniqueId };
    const result = await mailbox.submit(mail, signal);
    return attemptOf(result, {
      size: raw.length,
      dueAtMs: this.#options.clock.now() + this.#options.waits.warnMs,
    });
  }

  outdated(): boolean {
    return false;
  }

  /** There is nobody to ask: what is known of the mail says how it goes on. */
  resolve(job: Job): Promise<Resolution> {
    return receiptAwaited(job, this.#options.waits, this.#options.clock.now());
  }

  #mailbox({ establishment, delivery }: Job): Mailbox | null {
    return this.#options.mailboxOf(establishment, delivery.destination.via ?? '');
  }

  /** The address stands with the personal values only; the delivery knows its hash. */
  #recipient({ establishment, delivery, personal }: Job) {
    const { hashOf, patientDomain: domain, environment } = this.#options;
    const facts = personal.facts[0]!;
    const found = recipientIn(
      personal,
      domain,
      (address) => hashOf(establishment, address) === delivery.destination.recipient,
    );
    if (!found) return null;
    const qualified = mayQualify(personal.request.identity.status);
    const { address } = recipientAddress({
      recipient: found,
      facts,
      environment,
      qualified,
      patientDomain: domain,
    });
    return { address, class: found.class };
  }

  /** The address of a patient holds their INS: nobody is asked about it. */
  async #traces(recipient: { address: string; class: string }): Promise<string[]> {
    const { tracesOf } = this.#options;
    return !tracesOf || recipient.class === 'patient' ? [] : tracesOf(recipient.address);
  }

  async #compose(
    job: Job,
    mailbox: Mailbox,
    recipient: { address: string; class: 'professional' | 'organization' | 'patient' },
  ): Promise<Prepared> {
    const { clock, texts, accents, product, patientSizeLimit } = this.#options;
    const { request } = job.personal;
    const bodies = await Promise.all(job.documents.map(({ body }) => job.view.body(body.id)));
    const { operation, envelope } = await followingMail(job);
    const archive = await this.#archive(job, mailbox, operation, bodies);
    const pdfs = await Promise.all(bodies.map((bytes) => this.#options.copyOf(bytes)));
    const id = randomUUID();
    const toPatient = recipient.class === 'patient';
    const raw = await compose({
      ...{ id, atMs: clock.now(), mailbox, recipient, replyTo: request.replyTo, operation, archive },
      documents: factsOf(job).map((facts, index) => ({ facts, pdf: pdfs[index]! })),
      body: toPatient ? request.bodies.patient : request.bodies.professional,
      patientMayAnswer: request.destinations.patientMayAnswer,
      readingReceipt: request.notices.reading,
      inReplyTo: envelope === null ? null : messageIdOf(envelope, mailbox.address),
      nil: product.nil,
      limits: { setting: mailbox.sizeLimit, operator: null, patient: toPatient ? patientSizeLimit : null },
      ...(texts && { texts }),
      accents,
    });
    return { lotUniqueId: id, metadata: raw };
  }

  /** The same for every recipient of a submission: its identifiers come from the submission, its date is that of the arrival. */
  async #archive(
    job: Job,
    mailbox: Mailbox,
    operation: Operation,
    bodies: readonly Buffer[],
  ): Promise<Buffer> {
    const { installation, settings, establishments, product, action } = this.#options;
    const establishment = establishments.get(job.establishment)!;
    const request: SubmissionRequest = { ...job.personal.request, operation };
    const { structure } = job.submission.facts;
    const about = { request, structure, settings: establishmentSettings(settings, establishment) };
    const lot = {
      lotUniqueId: lotIdOf(job),
      submissionTime: Date.parse(job.submission.receivedAt),
    };
    const documents = factsOf(job).map((facts, index) => ({ facts, bytes: bodies[index]! }));
    const archive = await writeArchive({
      ...lotContext(installation, about, lot),
      ...{ documents, product, action },
      issuer: { name: mailbox.displayName, organization: establishment.name, ...mailbox.contact },
    });
    await verifyArchive(archive);
    return archive.bytes;
  }
}

/** An OID under the arc of UUIDs (ITU-T X.667), made of what the lot is: the same whenever it is made again. */
function lotIdOf({ submission, documents, establishment }: Job): string {
  const names = [establishment, submission.id, ...documents.map(({ uniqueId }) => uniqueId)];
  const digest = createHash('sha256').update(names.join('\n')).digest().subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${digest.toString('hex')}`)}`;
}

/** What cannot be made of a request is refused; what a person or time may mend is not. */
function failedBy(code: string, cause: ErrorClass): AttemptOutcome {
  if (cause === 'transient') return later(code);
  return cause === 'invalid' || cause === 'permanent' ? refused(code) : blocked(code, cause);
}

function refused(code: string): AttemptOutcome {
  return { result: 'refused', code, raw: null };
}

function blocked(code: string, cause: ErrorClass): AttemptOutcome {
  return { result: 'blocked', code, class: cause, raw: null };
}

function later(code: string): AttemptOutcome {
  return { result: 'failed', code, aboutDocument: false, raw: null };
}
