import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { isViaducError, type Values } from '../../../words/errors.ts';
import { type Ascent, ascend } from './chain.ts';
import { type CredentialUse, expiryAlarm, judgeCredential } from './judge.ts';
import { type Credential, type CredentialFiles, pemBlocks, readCredential } from './read.ts';
import { type Seal, sealOf } from './seal.ts';

/** Files of the certificates of a legal entity or of a site. */
export interface StructureCredentials {
  /** FINESS, 9 characters. */
  finess: string;
  client: CredentialFiles;
  seal: CredentialFiles;
}

/** The two credentials of a structure, ready for use. */
export interface KeyPair {
  client: Credential;
  seal: Seal;
}

/** What a pair shows of itself in TLS: chain and key, PEM. */
export function tlsOf({ client: { chain, key } }: KeyPair): { cert: string; key: string } {
  return { cert: chain, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Something about a credential that somebody should know: an error code with its values. */
export interface KeyringNotice {
  code: string;
  values: Values;
}

/** A certificate in use, followed upwards. */
export interface FollowedCertificate extends Ascent {
  finess: string;
  use: CredentialUse;
}

interface Held {
  entry: StructureCredentials;
  /** Sizes and times of the files when they were read. */
  stamp: string;
  pair: KeyPair;
  sealing: Credential;
  /** Milliseconds since 1970. */
  validFrom: number;
  notices: KeyringNotice[];
}

/**
 * The credentials of every structure. Several may be given for one FINESS while an old and a new certificate overlap: the
 * newest that may be used is. Files are read again when they change; a file that went wrong leaves the former in use.
 */
export class Keyring {
  readonly #held: Held[];
  readonly #anchors: string;

  /**
   * @param anchors certificates in PEM that may stand above the seals
   * @throws ViaducError `delivery.credential-unreadable`
   */
  constructor(entries: readonly StructureCredentials[], anchors: string, nowMs: number) {
    this.#anchors = anchors;
    this.#held = entries.map((entry) => this.#read(entry, nowMs));
  }

  /** FINESS numbers that have credentials. */
  get structures(): string[] {
    return [...new Set(this.#held.map(({ entry }) => entry.finess))];
  }

  /** The newest pair of a structure that may be used, else the newest of all; null for a structure without any. */
  of(finess: string): KeyPair | null {
    return this.#best(finess)?.pair ?? null;
  }

  /** What is wrong with the pairs in use, of one structure or of all. */
  problems(finess?: string): KeyringNotice[] {
    const those = finess === undefined ? this.structures : [finess];
    return those.flatMap((one) => this.#best(one)?.notices ?? []);
  }

  /** The certificates in use, followed up to the anchors as far as signatures lead. */
  followed(): FollowedCertificate[] {
    const anchors = pemBlocks(this.#anchors);
    return this.structures.flatMap((finess) => {
      const { pair, sealing } = this.#best(finess)!;
      const follow = (use: CredentialUse, { certificate, chain }: Credential) => ({
        ...{ finess, use },
        ...ascend(certificate, pemBlocks(chain).slice(1), anchors),
      });
      return [follow('client', pair.client), follow('seal', sealing)];
    });
  }

  /** The certificates in use, each with those above it in its file. */
  certificates(): { finess: string; use: CredentialUse; chain: X509Certificate[] }[] {
    return this.structures.flatMap((finess) => {
      const { pair, sealing } = this.#best(finess)!;
      return (
        [
          ['client', pair.client],
          ['seal', sealing],
        ] as const
      ).map(([use, { chain }]) => ({
        ...{ finess, use },
        chain: pemBlocks(chain).map((pem) => new X509Certificate(pem)),
      }));
    });
  }

  /** The pairs in use whose end has come near: days are one of `EXPIRY_ALARM_DAYS`. */
  expiries(nowMs: number): KeyringNotice[] {
    return this.structures.flatMap((finess) => {
      const { pair, sealing } = this.#best(finess)!;
      return [
        expiryOf(finess, 'client', pair.client, nowMs),
        expiryOf(finess, 'seal', sealing, nowMs),
      ].flat();
    });
  }

  /** Reads again the files that changed. What could not be taken over is told, and the former stays. */
  refresh(nowMs: number): KeyringNotice[] {
    return this.#held.flatMap((held, index) => {
      try {
        if (stampOf(held.entry) === held.stamp) {
          // Time alone makes one valid, or ends it.
          held.notices = judged(held, this.#anchors, nowMs);
          return [];
        }
        const fresh = this.#read(held.entry, nowMs);
        if (fresh.notices.length > 0 && held.notices.length === 0) {
          held.stamp = fresh.stamp;
          return fresh.notices;
        }
        this.#held[index] = fresh;
        return fresh.notices;
      } catch (error) {
        return [noticeOf(error, held.entry)];
      }
    });
  }

  #best(finess: string): Held | undefined {
    const own = this.#held
      .filter(({ entry }) => entry.finess === finess)
      .toSorted((one, other) => other.validFrom - one.validFrom);
    return own.find(({ notices }) => notices.length === 0) ?? own[0];
  }

  #read(entry: StructureCredentials, nowMs: number): Held {
    const stamp = stampOf(entry);
    const [client, sealing] = [readCredential(entry.client), readCredential(entry.seal)];
    const pair = { client, seal: sealOf(sealing, this.#anchors) };
    return {
      ...{ entry, stamp, sealing, pair },
      validFrom: new X509Certificate(sealing.certificate).validFromDate.getTime(),
      notices: judged({ entry, sealing, pair }, this.#anchors, nowMs),
    };
  }
}

/** What went wrong with a pair, whatever it was: a file that changes while the gateway runs never ends it. */
function noticeOf(error: unknown, { seal }: StructureCredentials): KeyringNotice {
  if (isViaducError(error)) return { code: error.code, values: error.values };
  const file = 'pkcs12' in seal ? seal.pkcs12 : seal.certificate;
  return { code: 'delivery.credential-unreadable', values: { file, why: (error as Error).message } };
}

function judged(
  { entry, sealing, pair }: Pick<Held, 'entry' | 'sealing' | 'pair'>,
  anchors: string,
  nowMs: number,
): KeyringNotice[] {
  return [
    ...judgeCredential(pair.client, 'client', entry.finess, nowMs, anchors),
    ...judgeCredential(sealing, 'seal', entry.finess, nowMs, anchors),
  ];
}

function expiryOf(
  finess: string,
  use: CredentialUse,
  { certificate }: Credential,
  nowMs: number,
): KeyringNotice[] {
  const days = expiryAlarm(certificate, nowMs);
  const date = new X509Certificate(certificate).validToDate.toISOString();
  return days === null ? [] : [{ code: 'delivery.credential-ends', values: { use, finess, days, date } }];
}

function stampOf({ client, seal }: StructureCredentials): string {
  const files = [client, seal].flatMap((one) =>
    'pkcs12' in one ? [one.pkcs12, one.passphraseFile] : [one.certificate, one.key, one.passphraseFile],
  );
  return files.map((file) => (file === null ? '' : stampOfFile(file))).join(' ');
}

function stampOfFile(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.size}/${stats.mtimeMs}` : 'missing';
}
