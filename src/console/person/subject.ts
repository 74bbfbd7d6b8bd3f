import { Type } from 'typebox';
import { normaliseMatricule } from '../../identity/matricule.ts';
import type { Ledger, Subject } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { Clock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import { consoleError } from '../errors.ts';

/** By which identifiers a person is looked up. They come in a body and never in an address, which logs keep. */
export const SubjectSchema = {
  ins: Type.Optional(Type.String({ maxLength: 40, description: 'matricule of 15 characters' })),
  ipp: Type.Optional(
    Type.String({ maxLength: 128, description: "local identifier, alone or as 'OID^identifier'" }),
  ),
};

export interface SubjectInput {
  ins?: string;
  ipp?: string;
}

/** The same as the ledger knows people by: an INS as it is written normalised, a local identifier under its root. */
export function identifiersOf(
  { ippRoot }: Establishment,
  { ins, ipp }: SubjectInput,
): { ins: string | null; ipp: string | null } {
  const local = ipp && !ipp.includes('^') ? `${ippRoot ?? ''}^${ipp}` : ipp;
  return { ins: ins ? normaliseMatricule(ins) : null, ipp: local || null };
}

/** Somebody of whom something is held: random identifiers, and the keyed hashes that lead to them. */
export interface FoundPerson {
  persons: string[];
  /** Hashes and persons, as stays and exams name their patient. */
  patients: ReadonlySet<string>;
}

/**
 * Who is meant, with everybody merged with them.
 * @throws ViaducError `console.person-unnamed`, `console.person-unknown`
 */
export async function findPerson(
  ledger: Pick<Ledger, 'searchHash'>,
  view: LedgerView,
  establishment: Establishment,
  subject: SubjectInput,
): Promise<FoundPerson> {
  const { ins, ipp } = identifiersOf(establishment, subject);
  const hashes = [
    ...(ins ? [ledger.searchHash(establishment.id, 'ins', ins)] : []),
    ...(ipp ? [ledger.searchHash(establishment.id, 'ipp', ipp)] : []),
  ];
  if (hashes.length === 0) throw consoleError('console.person-unnamed');
  const found = (await Promise.all(hashes.map((hash) => view.personOf(hash)))).filter((one) => one !== null);
  const people = await view.people();
  const stays = ipp && found.length === 0 ? await staysUnder(view, hashes) : [];
  if (found.length === 0 && stays.length === 0) throw consoleError('console.person-unknown');
  const all = new Set((await Promise.all(found.map((one) => view.samePersons(one)))).flat());
  const known = people.filter(({ person }) => all.has(person)).map(({ patient }) => patient);
  return { persons: [...all].toSorted(), patients: new Set([...hashes, ...known, ...all]) };
}

/**
 * The same, once it is written down who looked them up and why. Somebody of whom only rows of imported files are held is
 * made known by it: what can be spoken of can be erased.
 */
export async function lookUpPerson(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  establishment: Establishment,
  subject: SubjectInput,
  { by, reason }: { by: string; reason: string },
): Promise<FoundPerson> {
  const view = ledger.of(establishment.id);
  const found = await findPerson(ledger, view, establishment, subject);
  const subjects: Subject[] = found.persons.map((person) => ({ person }));
  if (subjects.length === 0) subjects.push(identifiersOf(establishment, subject));
  const events = subjects.map((one) => ({
    ...{ type: 'person.reported' as const, data: { by, reason }, subject: one },
  }));
  await ledger.append({ establishment: establishment.id, nowMs: clock.now(), events });
  return found.persons.length > 0 ? found : findPerson(ledger, view, establishment, subject);
}

/** Somebody who is known by imported stays only has no key: the keyed hash stands in the rows alone. */
async function staysUnder(view: LedgerView, hashes: readonly string[]): Promise<unknown[]> {
  return (await view.importedStays()).filter(({ patient }) => patient !== null && hashes.includes(patient));
}
