import { isIP } from 'node:net';
import type { ClosedMail } from '../intake/arrival.ts';
import type { PeerIdentity } from '../intake/mllp/peers.ts';
import { DEFAULT_PROFILE } from '../intake/mllp/profile.ts';
import type { Environment } from '../words/environment.ts';
import type { ConfigFile } from './config-schema.ts';
import { gatewayError } from './errors.ts';

/** The door for HL7 v2 as it is configured. Times in milliseconds, paths absolute. */
export interface MllpConfig {
  host: string;
  /** Where connections without TLS are taken: this machine only, unless the file says otherwise. */
  plainHost: string;
  /** Port without TLS; null when there is none. */
  port: number | null;
  tls: {
    port: number;
    certificate: string;
    key: string;
    passphraseFile: string | null;
    clientAuthorities: string | null;
  } | null;
  /** The network between senders and this door is protected by other means: plain connections may come from elsewhere. */
  protectedNetwork: boolean;
  receivers: { application: string; facility?: string | undefined }[];
  idleMs: number;
  frameMs: number;
  closedMail: ClosedMail;
  /** Folder of sender profiles of the establishment's own, read after the project's. */
  profiles: string | null;
}

/** How a sender is known at this door, and how it speaks. */
export interface MllpSender {
  identity: PeerIdentity;
  profile: string;
}

type Given = ConfigFile['mllp'];
type GivenSender = NonNullable<NonNullable<ConfigFile['senders']>[number]['mllp']>;

interface Surroundings {
  host: string | undefined;
  port: number | null;
  tlsPort: number | null;
  environment: Environment;
  from: (path: string) => string;
}

export function mllpOf(given: Given, { host, port, tlsPort, environment, from }: Surroundings): MllpConfig {
  const tls = given?.tls;
  const where = given?.host ?? host ?? '127.0.0.1';
  return {
    host: where,
    plainHost: given?.host !== undefined || given?.protectedNetwork ? where : '127.0.0.1',
    port: port ?? (given?.port === undefined ? 2575 : given.port),
    tls: tls
      ? {
          port: tlsPort ?? tls.port ?? 2576,
          certificate: from(tls.certificate),
          key: from(tls.key),
          passphraseFile: tls.passphraseFile ? from(tls.passphraseFile) : null,
          clientAuthorities: tls.clientAuthorities ? from(tls.clientAuthorities) : null,
        }
      : null,
    protectedNetwork: given?.protectedNetwork ?? false,
    receivers: given?.receivers ?? [],
    idleMs: (given?.idleSeconds ?? 3600) * 1000,
    frameMs: (given?.frameSeconds ?? 60) * 1000,
    closedMail: given?.closedMail ?? (environment === 'sandbox' ? 'leave-out' : 'refuse'),
    profiles: given?.profiles ? from(given.profiles) : null,
  };
}

export function mllpSenderOf(given: GivenSender | undefined): MllpSender | null {
  if (!given) return null;
  const { profile = DEFAULT_PROFILE, ...identity } = given;
  return { identity, profile };
}

/** The sender of the sandbox speaks from this machine, under any name. */
export const SANDBOX_MLLP: MllpSender = {
  identity: { addresses: ['127.0.0.0/8', '::1'] },
  profile: DEFAULT_PROFILE,
};

/**
 * Refuses what would let somebody in who is not known: MSH-3 and MSH-4 are said by whoever connects.
 * @throws ViaducError `config.malformed`
 */
export function checkMllpSender(
  id: string,
  { identity }: MllpSender,
  environment: Environment,
  file: string,
): void {
  const { addresses, certificate } = identity;
  const wrong = addresses?.find((one) => !isNetwork(one));
  if (wrong !== undefined)
    throw gatewayError('config.malformed', {
      file,
      what: `senders.${id}.mllp.addresses '${wrong}' is no address`,
    });
  if (environment !== 'sandbox' && !addresses?.length && certificate === undefined)
    throw gatewayError('config.malformed', {
      file,
      what: `senders.${id}.mllp needs addresses or a certificate`,
    });
}

function isNetwork(text: string): boolean {
  const [base, length] = text.split('/') as [string, string | undefined];
  const version = isIP(base);
  if (version === 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}
