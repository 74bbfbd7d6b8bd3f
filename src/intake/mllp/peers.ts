import { BlockList, isIPv6 } from 'node:net';
import type { Sender } from '../../words/establishment.ts';
import type { MessageHead } from './head.ts';

/** Who is at the other end of a connection, as far as the connection tells. */
export interface Peer {
  address: string;
  /** Of a client that proved to hold it; null on plain connections. */
  certificate: { fingerprint: string; name: string } | null;
}

/** By what a sender is known at this door. What is not given is not looked at. */
export interface PeerIdentity {
  /** MSH-3 and MSH-4. */
  application?: string | undefined;
  facility?: string | undefined;
  /** Addresses or networks: `10.1.2.3`, `10.1.0.0/16`. */
  addresses?: string[] | undefined;
  /** SHA-256 fingerprint in hexadecimal, or common name, of its client certificate. */
  certificate?: string | undefined;
}

/** A sender that may use this door. */
export interface KnownPeer {
  sender: Sender;
  identity: PeerIdentity;
}

/**
 * The sender behind a message: the one all of whose marks fit, the most marks first. Null when there is none: then
 * nothing of the message is read further.
 */
export function senderOf(known: readonly KnownPeer[], peer: Peer, head: MessageHead): Sender | null {
  const fitting = known.filter(({ identity }) => fits(identity, peer, head));
  const [best] = fitting.toSorted((a, b) => marks(b.identity) - marks(a.identity));
  return best?.sender ?? null;
}

function marks(identity: PeerIdentity): number {
  return Object.values(identity).filter((value) => value !== undefined).length;
}

function fits(
  { application, facility, addresses, certificate }: PeerIdentity,
  peer: Peer,
  head: MessageHead,
): boolean {
  if (application !== undefined && application !== head.application) return false;
  if (facility !== undefined && facility !== head.facility) return false;
  if (addresses !== undefined && !inNetworks(peer.address, addresses)) return false;
  if (certificate === undefined) return true;
  return peer.certificate !== null && sameCertificate(certificate, peer.certificate);
}

function sameCertificate(wanted: string, { fingerprint, name }: NonNullable<Peer['certificate']>): boolean {
  return wanted.replaceAll(':', '').toLowerCase() === fingerprint || wanted === name;
}

/** Whether an address is one of those, or in one of those networks. */
export function inNetworks(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const one of networks) {
    const [base, length] = one.split('/') as [string, string | undefined];
    const family = isIPv6(base) ? 'ipv6' : 'ipv4';
    if (length === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(length), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
