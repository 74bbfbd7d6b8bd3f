import { hash } from 'node:crypto';
import { type Charset, readingOf } from '../../hl7v2/charset.ts';
import { hl7v2Error, hl7v2Errors } from '../../hl7v2/errors.ts';
import { hl7v2Limits } from '../../hl7v2/limits.ts';
import { Hl7Message } from '../../hl7v2/message.ts';
import type { Clock } from '../../words/clock.ts';
import type { Environment } from '../../words/environment.ts';
import { isViaducError, type ViaducError } from '../../words/errors.ts';
import type { Establishment, Sender } from '../../words/establishment.ts';
import type { Finding } from '../../words/findings.ts';
import type { Admission } from '../admission.ts';
import { findingOf } from '../refusal.ts';
import { acknowledgement } from './acknowledge.ts';
import type { BrokenEvent, Taken } from './connection.ts';
import { mllpError } from './errors.ts';
import type { Answer, Handlers, Incoming } from './handler.ts';
import { digestOf, judgeHead, type MessageHead, readHead } from './head.ts';
import { type KnownPeer, type Peer, senderOf } from './peers.ts';
import { DEFAULT_PROFILE, type SenderProfile } from './profile.ts';
import { remark } from './remarks.ts';
import type { Reception } from './server.ts';

/** What this door needs to know. */
export interface MllpDoorParts {
  environment: Environment;
  clock: Clock;
  admission: Admission;
  establishments: ReadonlyMap<string, Establishment>;
  peers: readonly (KnownPeer & { profile: string })[];
  profiles: ReadonlyMap<string, SenderProfile>;
  /** Names under which messages may be addressed to this gateway (MSH-5, MSH-6); any when empty. */
  receivers: readonly { application: string; facility?: string | undefined }[];
  /** What takes each type of message: the one place where a new type is added. */
  handlers: Handlers;
  /** Told of what the sender cannot mend. Never given what the message holds. */
  onFailure(error: unknown, about: object): void;
}

/** From the bytes of a frame to those of its acknowledgement. */
export class MllpDoor implements Reception {
  readonly #parts: MllpDoorParts;

  constructor(parts: MllpDoorParts) {
    this.#parts = parts;
  }

  async take(peer: Peer, bytes: Buffer, turn: Promise<unknown>): Promise<Taken> {
    let leave = () => {};
    const acknowledge = (head: MessageHead, answer: Answer, charset: Charset): Taken => ({
      acknowledgement: acknowledgement(head, answer, charset),
      release: () => leave(),
    });
    const message = this.#parse(bytes);
    if (isViaducError(message)) {
      const found = headOf(bytes);
      return acknowledge(found.head, this.#answer('AE', [findingOf(message)]), found.charset);
    }
    const head = readHead(message);
    // An acknowledgement is never acknowledged: two machines would go on for ever.
    if (head.type === 'ACK') return { acknowledgement: null, release: leave };
    let charset = message.charset;
    try {
      leave = this.#parts.admission.enter(bytes.length);
      const known = this.#known(peer, head);
      charset = charsetOf(known.profile, message);
      return acknowledge(head, await this.#handle(known, message, head, turn), charset);
    } catch (error) {
      return acknowledge(head, this.#failed(error), charset);
    }
  }

  refuse(_peer: Peer, event: BrokenEvent): Buffer | null {
    const { head, charset } = headOf(event.head);
    if (head.type === 'ACK') return null;
    return acknowledgement(head, this.#brokenAnswer(event), charset);
  }

  #brokenAnswer({ kind }: BrokenEvent): Answer {
    if (kind === 'no-room') return this.#answer('AR', [findingOf(mllpError('message.not-taken'))]);
    const most = hl7v2Limits.frameBytes.value;
    const code = kind === 'broken' ? 'hl7v2.frame-broken' : 'hl7v2.frame-too-large';
    return this.#answer('AE', [findingOf(hl7v2Error(code, { most }))]);
  }

  /** The message, or why it cannot be read. Its own character set is not known before its sender is. */
  #parse(bytes: Buffer): Hl7Message | ViaducError {
    try {
      return Hl7Message.parse(bytes);
    } catch (error) {
      if (isViaducError(error) && error.code in hl7v2Errors) return error;
      throw error;
    }
  }

  #known(peer: Peer, head: MessageHead): { sender: Sender; profile: SenderProfile } {
    const { peers, profiles, receivers } = this.#parts;
    const sender = senderOf(peers, peer, head);
    const { application, facility } = head;
    if (!sender)
      throw mllpError('message.sender-unknown', {
        application: application.slice(0, 40) || '-',
        facility: facility.slice(0, 40) || '-',
        address: peer.address,
      });
    const { receivingApplication: to, receivingFacility: at } = head;
    const ours = receivers.some(
      (one) => one.application === to && (one.facility === undefined || one.facility === at),
    );
    if (receivers.length > 0 && !ours)
      throw mllpError('message.receiver-unknown', {
        application: to.slice(0, 40),
        facility: at.slice(0, 40),
      });
    const name = peers.find((one) => one.sender === sender)?.profile ?? DEFAULT_PROFILE;
    return { sender, profile: profiles.get(name)! };
  }

  async #handle(
    { sender, profile }: { sender: Sender; profile: SenderProfile },
    parsed: Hl7Message,
    head: MessageHead,
    turn: Promise<unknown>,
  ): Promise<Answer> {
    const { environment, clock, establishments, handlers } = this.#parts;
    const undeclared = !parsed.charsetDeclared && profile.charset !== null;
    const message = undeclared ? Hl7Message.parse(parsed.bytes, profile.charset) : parsed;
    const findings = judgeHead(message, head, environment);
    if (findings.some(({ severity }) => severity === 'error')) return this.#answer('AE', findings);
    const handler = Object.hasOwn(handlers, head.type) ? handlers[head.type] : undefined;
    if (!handler)
      return this.#answer('AE', [
        remark('message.type-unknown', message.header.place(9), { type: head.type }),
      ]);
    const incoming: Incoming = {
      ...{ message, head, sender, profile, turn },
      establishment: establishments.get(sender.establishment)!,
      receivedAtMs: clock.now(),
      requestKey: keyOf(sender, head),
      requestSha256: digestOf(message),
    };
    return handler(incoming);
  }

  /** What was thrown: nothing of the message was kept. */
  #failed(error: unknown): Answer {
    if (isViaducError(error) && error.class === 'invalid') return this.#answer('AE', [findingOf(error)]);
    const known = isViaducError(error) && !error.code.startsWith('ledger.');
    if (!known || error.class === 'configuration') this.#parts.onFailure(error, {});
    return this.#answer('AR', [findingOf(known ? error : mllpError('message.not-taken'))]);
  }

  #answer(code: Answer['code'], findings: readonly Finding[]): Answer {
    return { code, findings, reference: null, atMs: this.#parts.clock.now() };
  }
}

/** SHA-256 over the sender and what identifies one of its messages. */
function keyOf({ id }: Sender, { application, facility, controlId }: MessageHead): string {
  return hash('sha256', ['mllp', id, application, facility, controlId].join('\n'), 'hex');
}

function charsetOf({ acknowledge }: SenderProfile, { charset }: Hl7Message): Charset {
  return acknowledge === 'same' ? charset : acknowledge;
}

const UNKNOWN_HEAD: MessageHead = {
  ...{
    application: '',
    facility: '',
    receivingApplication: '',
    receivingFacility: '',
    type: '',
    trigger: '',
  },
  ...{ controlId: '', processingId: '', version: '', interfaceVersion: '', interfaceName: '' },
};

/** As much of MSH as can be read of something that is no whole message, so that its sender knows what is answered. */
function headOf(bytes: Buffer): { head: MessageHead; charset: Charset } {
  const at = bytes.indexOf('MSH|^~\\&|');
  if (at < 0) return { head: UNKNOWN_HEAD, charset: 'utf-8' };
  const line = bytes
    .subarray(at)
    .toString('latin1')
    .split(/[\r\n]/)[0]!;
  const fields = line.split('|').slice(0, 12);
  const { charset } = readingOf(bytes.subarray(at), null, null);
  try {
    return { head: readHead(Hl7Message.parse(Buffer.from(fields.join('|'), 'latin1'))), charset };
  } catch {
    return { head: UNKNOWN_HEAD, charset };
  }
}
