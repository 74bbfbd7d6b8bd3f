import type { SubmissionRequest } from '../../../words/request.ts';

/** A value of `urn:oasis:names:tc:xacml:2.0:subject:role` (JDV_J65-SubjectRole-DMP; sheet dmp-xds, 4.3). */
export interface SubjectRole {
  code: string;
  codeSystem: string;
  displayName: string;
}

/** Code systems from which a first or second role comes. */
const PROFESSIONS = '1.2.250.1.71.1.2.7';
const IN_TRAINING = '1.2.250.1.71.1.2.8';
const TITLES = '1.2.250.1.213.1.6.1.109';
const SOCIAL = '1.2.250.1.213.1.6.1.4';
const BY_ROLE = '1.2.250.1.213.1.6.1.140';
const KNOW_HOW = '1.2.250.1.71.4.2.5';
const PHARMACIST_SECTIONS = '1.2.250.1.71.4.2.6';
const CARE_ROLES = '1.2.250.1.213.1.6.1.107';
const PRODUCERS = '1.2.250.1.213.1.1.4.6';
const FIRST: readonly string[] = [PROFESSIONS, IN_TRAINING, TITLES, SOCIAL, BY_ROLE, PRODUCERS];
/** Composed specialties of authors, such as `G15_10/SM26` (JDV_J01, JDV_J56). */
const SPECIALTIES = '1.2.250.1.213.1.1.4.5';

/** What a job is that no professional is known to have asked for. */
export const AUTOMATE: SubjectRole = { code: 'AUTOMATE', codeSystem: PRODUCERS, displayName: 'Automate' };

/** Professions that need a second role, and where it comes from. */
const SECOND: Readonly<Record<string, string>> = { 10: KNOW_HOW, 21: PHARMACIST_SECTIONS, 99: CARE_ROLES };

export type Specialty = NonNullable<NonNullable<SubmissionRequest['requester']>['person']>['specialty'];

/**
 * Roles that an establishment gives to requesters, by the specialty that comes with the request as `code^OID`; `PERSON` for
 * those of whom no row and no specialty says what they are.
 */
export type RoleTable = ReadonlyMap<string, readonly SubjectRole[]>;

export const PERSON = 'person';

/**
 * The roles of who asked for the sending, by the table, else by the specialty that came with the request (`code^label^OID`). A
 * profession that needs a second role and comes without it would be refused by the DMP; it goes as a job, like an unknown
 * specialty.
 */
export function rolesOf(specialty: Specialty, table: RoleTable = new Map()): readonly SubjectRole[] {
  const [code = '', label = '', codeSystem = ''] = specialty?.split('^') ?? [];
  const named = table.get(`${code}^${codeSystem}`);
  if (named) return named;
  return rolesIn(code, label, codeSystem) ?? table.get(PERSON) ?? [AUTOMATE];
}

function rolesIn(code: string, label: string, codeSystem: string): SubjectRole[] | null {
  if (codeSystem === PROFESSIONS) return complete(code, label, null);
  const composed = codeSystem === SPECIALTIES && /^G15_(\d{2})(?:\/([A-Z0-9]+))?$/.exec(code);
  return composed ? complete(composed[1]!, label, composed[2] ?? null) : null;
}

/** What is wrong with roles given by a table: which of them, and what the DMP expects; null when it would take them. */
export function roleComplaint([first, second]: readonly SubjectRole[]): {
  role: string;
  expected: string;
} | null {
  if (!first) return { role: '1', expected: FIRST.join(', ') };
  if (!FIRST.includes(first.codeSystem)) return { role: first.code, expected: FIRST.join(', ') };
  const needed = secondOf(first);
  if (needed === undefined || second?.codeSystem === needed) return null;
  return { role: second?.code ?? `${first.code} + ?`, expected: needed };
}

/** Where the second role of a first one comes from, where it needs one. */
function secondOf({ code, codeSystem }: SubjectRole): string | undefined {
  return codeSystem === PROFESSIONS || codeSystem === BY_ROLE ? SECOND[code] : undefined;
}

/** A composed label, `Médecin - Cardiologie (SM)`, is that of the profession and that of the second role. */
function complete(profession: string, label: string, second: string | null): SubjectRole[] | null {
  const [own = label, ...rest] = label.split(' - ');
  const first = { code: profession, codeSystem: PROFESSIONS, displayName: own || profession };
  const needed = SECOND[profession];
  if (needed === undefined) return [first];
  if (second === null) return null;
  const displayName = (rest.length > 0 ? rest.join(' - ') : label) || second;
  return [first, { code: second, codeSystem: needed, displayName }];
}
