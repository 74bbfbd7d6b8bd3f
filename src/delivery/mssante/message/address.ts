import { readIdentifiers } from '../../../identity/identifiers.ts';
import { readMatricule } from '../../../identity/structure.ts';
import { aLabels, type MailAddress, readAddress } from '../../../routing/address.ts';
import type { DocumentFacts } from '../../../words/document.ts';
import type { Environment } from '../../../words/environment.ts';
import type { Words } from '../../../words/errors.ts';
import type { MssanteRecipient } from '../../../words/request.ts';
import { messageError } from './errors.ts';

/**
 * An address as SMTP takes it, its domain in A-labels.
 * @throws ViaducError `mssante.address-malformed`
 */
export function mailAddress(text: string): MailAddress {
  const found = readAddress(text);
  if ('fault' in found) throw messageError('mssante.address-malformed', { why: found.fault });
  return found.read;
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

function unusable(why: Words): Error {
  return messageError('mssante.patient-ins-unusable', { why });
}

const ABSENT = {
  fr: 'aucun INS sous un OID que cet environnement accepte',
  en: 'no INS under an OID that this environment accepts',
};
const SEVERAL = { fr: 'il en porte plusieurs', en: 'it carries several' };
const WRONG = {
  fr: 'la forme ou la clé du matricule est fausse',
  en: 'the form or the key of the matricule is wrong',
};
