/** The fields of a matricule of 15 characters, each as written. */
export interface MatriculeParts {
  sex: string;
  /** Two digits; the century is unknown. */
  year: string;
  /** 01 to 12; 20 and above when the civil record is incomplete. */
  month: string;
  /** Five characters, department first: the COG code of the place of birth when the person was registered. */
  place: string;
  order: string;
  key: string;
  /** The first 13 characters. */
  body: string;
}

const SEPARATORS = /[ \u00a0\u202f.-]/g;

/** A matricule without what people put around and inside it: spaces, dots, hyphens, lower-case letters. */
export function normaliseMatricule(text: string): string {
  return text.trim().replace(SEPARATORS, '').toUpperCase();
}

const BODY = /^\d{5}(?:\d{2}|2A|2B)\d{6}$/;

/**
 * The key of a matricule, two digits from 01 to 97: 97 minus the remainder of the body by 97, Corsica's 2A and 2B read as
 * 19 and 18. Null when the body is not 13 digits, or 12 with A or B after a 2 in the seventh place.
 */
export function matriculeKey(body: string): string | null {
  if (!BODY.test(body)) return null;
  const department = body.slice(5, 7);
  const digits = department === '2A' ? '19' : department === '2B' ? '18' : department;
  const remainder = Number(body.slice(0, 5) + digits + body.slice(7)) % 97;
  return String(97 - remainder).padStart(2, '0');
}

/** The fields of a matricule, null unless it is a body and two digits. */
export function partsOf(matricule: string): MatriculeParts | null {
  const body = matricule.slice(0, 13);
  const key = matricule.slice(13);
  if (!BODY.test(body) || !/^\d{2}$/.test(key)) return null;
  return {
    sex: body.slice(0, 1),
    year: body.slice(1, 3),
    month: body.slice(3, 5),
    place: body.slice(5, 10),
    order: body.slice(10),
    key,
    body,
  };
}
