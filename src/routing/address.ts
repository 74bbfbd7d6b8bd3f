import { domainToASCII } from 'node:url';
import type { Words } from '../words/errors.ts';
import { routingLimits } from './limits.ts';

export interface MailAddress {
  /** As it goes on the wire: the domain in lower-case A-labels. */
  address: string;
  localPart: string;
  domain: string;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An address as SMTP takes it (RFC 5321, Mailbox): a dot-string and a domain name; no display name, quoted local part or
 * address literal. A domain in Unicode becomes its A-labels.
 */
export function readAddress(text: string): { read: MailAddress } | { fault: Words } {
  const at = text.lastIndexOf('@');
  if (at < 0) return { fault: NO_AT };
  const localPart = text.slice(0, at);
  if (localPart.length > routingLimits.localPart.value) return { fault: LONG };
  if (!LOCAL_PART.test(localPart)) return { fault: LOCAL };
  const domain = aLabels(text.slice(at + 1));
  if (domain === null) return { fault: DOMAIN };
  const address = `${localPart}@${domain}`;
  return address.length > routingLimits.address.value
    ? { fault: LONG }
    : { read: { address, localPart, domain } };
}

/** A domain in lower-case A-labels, null when it is no name of at least two labels. */
export function aLabels(domain: string): string | null {
  if (domain.length > routingLimits.address.value || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return null;
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  const named = labels.length >= 2 && labels.every((label) => LABEL.test(label));
  return named && !/^\d+$/.test(labels.at(-1)!) ? ascii : null;
}

const NO_AT = { fr: 'elle n’a pas de @', en: 'it has no @' };
const LONG = { fr: 'elle est trop longue', en: 'it is too long' };
const LOCAL = {
  fr: 'ce qui précède le @ n’est pas fait de lettres, chiffres et points sans guillemets',
  en: 'what stands before the @ is not made of letters, digits and dots without quotes',
};
const DOMAIN = { fr: 'son domaine n’est pas un nom de domaine', en: 'its domain is no domain name' };
