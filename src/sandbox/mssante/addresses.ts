import { domainToASCII } from 'node:url';

/** Domain of the mailboxes of patients (Mon espace santé). */
export const PATIENT_DOMAIN = 'patient.mssante.fr';

/** An address in one form to compare: domain as A-labels, all in lower case. */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at).toLowerCase()}@${domainOf(address)}`;
}

export function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)).toLowerCase();
}

export function isPatient(address: string): boolean {
  return domainOf(address) === PATIENT_DOMAIN;
}

/** The matricule in the address of a patient, upper case. */
export function matriculeOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@')).toUpperCase();
}

const MATRICULE = /^\d{5}(?:\d\d|2[AB])\d{6}(\d\d)$/;

/** Whether a text is a matricule of 13 characters with its key: 97 less the remainder by 97, 2A as 19 and 2B as 18. */
export function isMatricule(text: string): boolean {
  const found = MATRICULE.exec(text);
  if (!found) return false;
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - Number(BigInt(number) % 97n) === Number(found[1]);
}
