import { domainToASCII } from 'node:url';
import { readIdentifiers } from '../../../identity/identifiers.ts';
import { readMatricule } from '../../../identity/structure.ts';
import type { DocumentFacts } from '../../../words/document.ts';
import type { Environment } from '../../../words/environment.ts';
import type { Words } from '../../../words/errors.ts';
import type { MssanteRecipient } from '../../../words/request.ts';
import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';

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
 * @throws ViaducError `mssante.address-malformed`
 */
export function mailAddress(text: string): MailAddress {
  const at = text.lastIndexOf('@');
  if (at < 0) throw malformed(NO_AT);
  const localPart = text.slice(0, at);
  if (localPart.length > messageLimits.localPart.value) throw malformed(LONG);
  if (!LOCAL_PART.test(localPart)) throw malformed(LOCAL);
  const domain = aLabels(text.slice(at + 1));
  if (domain === null) throw malformed(DOMAIN);
  const address = `${localPart}@${domain}`;
  if (address.length > messageLimits.address.value) throw malformed(LONG);
  return { address, localPart, domain };
}

/** A domain in lower-case A-labels, null when it is no name of at least two labels. */
export function aLabels(domain: string): string | null {
  if (domain.length > messageLimits.address.value || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return null;
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  const named = labels.length >= 2 && labels.every((label) => LABEL.test(label));
  return named && !/^\d+$/.test(labels.at(-1)!) ? ascii : null;
}

/** The domain of an address of whatever form, in A-labels; null when it has none. */
export function domainOf(address: string): string | null {
  const at = address.lastIndexOf('@');
  return at < 0 ? null : aLabels(address.slice(at + 1));
}

export interface RecipientInput {
  recipient: Pick<MssanteRecipient, 'address' | 'class'>;
  facts: DocumentFacts;
  environment: Environment;
  /** Whether the identity of the patient is qualified by the request. */
  qualified: boolean;
  /** `patientDomain`: patient.mssante.fr. */
  patientDomain: string;
}

/**
 * The address to which a document goes. That of a patient is made again from the qualified INS of the document, and the one
 * given must be the same (ECO.2.2.6); a patient's address is never taken for that of somebody else.
 * @throws ViaducError `mssante.address-…`, `mssante.patient-…`
 */
export function recipientAddress(input: RecipientInput): MailAddress {
  const { recipient, patientDomain } = input;
  const given = mailAddress(recipient.address);
  const ofPatient = given.domain === patientDomain;
  if (recipient.class !== 'patient') {
    if (ofPatient) throw messageError('mssante.address-of-a-patient');
    return given;
  }
  if (!ofPatient) throw messageError('mssante.address-not-of-a-patient', { domain: patientDomain });
  const own = patientAddress(input);
  if (given.localPart.toUpperCase() !== own.localPart)
    throw messageError('mssante.address-of-another-patient');
  return own;
}

/**
 * `<matricule>@patient.mssante.fr` of the patient of a document, letters of Corsica as in its INS.
 * @throws ViaducError `mssante.patient-not-qualified`, `mssante.patient-ins-unusable`
 */
export function patientAddress(input: Omit<RecipientInput, 'recipient'>): MailAddress {
  const { facts, environment, qualified, patientDomain } = input;
  if (!qualified) throw messageError('mssante.patient-not-qualified');
  const { chosen, ambiguous } = readIdentifiers(facts.patient?.ids ?? [], environment);
  if (!chosen?.matricule || !chosen.accepted) throw unusable(ABSENT);
  if (ambiguous) throw unusable(SEVERAL);
  const { matricule, faults } = readMatricule(chosen.matricule, chosen.root, environment);
  if (faults.some(({ severity }) => severity === 'error')) throw unusable(WRONG);
  return mailAddress(`${matricule}@${patientDomain}`);
}

function malformed(why: Words): Error {
  return messageError('mssante.address-malformed', { why });
}

function unusable(why: Words): Error {
  return messageError('mssante.patient-ins-unusable', { why });
}

const NO_AT = { fr: 'elle n’a pas de @', en: 'it has no @' };
const LONG = { fr: 'elle est trop longue', en: 'it is too long' };
const LOCAL = {
  fr: 'ce qui précède le @ n’est pas fait de lettres, chiffres et points sans guillemets',
  en: 'what stands before the @ is not made of letters, digits and dots without quotes',
};
const DOMAIN = { fr: 'son domaine n’est pas un nom de domaine', en: 'its domain is no domain name' };
const ABSENT = {
  fr: 'aucun INS sous un OID que cet environnement accepte',
  en: 'no INS under an OID that this environment accepts',
};
const SEVERAL = { fr: 'il en porte plusieurs', en: 'it carries several' };
const WRONG = {
  fr: 'la forme ou la clé du matricule est fausse',
  en: 'the form or the key of the matricule is wrong',
};
