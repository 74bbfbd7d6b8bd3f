import { STRUCTURE_ROOT } from '../cda/derive.ts';
import type {
  Coded,
  DocumentFacts,
  InstanceIdentifier,
  Organization,
  Participant,
  PersonName,
} from '../words/document.ts';
import type { SubmissionRequest } from '../words/request.ts';
import { PROFESSIONAL_ROOT } from './formats.ts';
import type { Author, Code, Institution, Person } from './model.ts';
import { nationalProfessionalId, nationalStructureId } from './national-ids.ts';
import { INS_ROOTS } from './patient.ts';

/**
 * An author of the header (CI-SIS: `author`, one XDS author for each, in order). The structure that sends is known by name:
 * it lends it where the document gives only its identifier, because XDS has no institution without a name.
 */
export function authorOf(participant: Participant, sending: Structure): Author {
  const { function: role, specialty, organization } = participant;
  return {
    person: personOf(participant),
    institutions: organization ? [named(institutionOf(organization), sending)] : [],
    roles: role ? [role.displayName ?? role.code] : [],
    specialties: specialty ? [specialtyOf(specialty)] : [],
  };
}

/** A professional, a system or the patient; null when the document gives neither name nor identifier. */
export function personOf(participant: Participant): Person | null {
  const id = preferred(participant.ids, PROFESSIONAL_ROOT);
  const name = nameOf(participant);
  if (!id && name.family === null && name.given === null) return null;
  const known = id !== null && id.extension !== null;
  return {
    id: known ? id.extension : null,
    authority: known ? id.root : null,
    ...name,
    nameType: participant.kind === 'device' ? 'U' : 'D',
    idType: idType(participant, id),
  };
}

function nameOf({ kind, name, deviceName }: Participant): Pick<Person, 'family' | 'given'> {
  if (kind === 'device') return { family: deviceName, given: null };
  return { family: firstOf(name, 'family'), given: firstOf(name, 'given') };
}

function firstOf(name: PersonName | null, part: 'family' | 'given'): string | null {
  return name?.[part].find(({ value }) => value !== '')?.value ?? null;
}

function idType({ kind }: Participant, id: InstanceIdentifier | null): Person['idType'] {
  if (kind === 'device') return 'RI';
  if (id && INS_ROOTS.includes(id.root)) return 'NH';
  return id?.root === PROFESSIONAL_ROOT ? 'IDNPS' : 'EI';
}

function institutionOf({ ids, name }: Organization): Institution {
  const id = preferred(ids, STRUCTURE_ROOT);
  const known = id !== null && id.extension !== null;
  return { name, id: known ? id.extension : null, authority: known ? id.root : null };
}

function named(institution: Institution, sending: Structure): Institution {
  const isSending = isStructure(institution, sending);
  return institution.name === null && isSending ? { ...institution, name: sending.name } : institution;
}

/** Whether an institution is the structure, by its national identifier. */
export function isStructure({ id, authority }: Institution, structure: Structure): boolean {
  return authority === STRUCTURE_ROOT && id === nationalStructureId(structure.id);
}

/** The identifier of the national authority, else the first one that has a value, else the first. */
function preferred(ids: readonly InstanceIdentifier[], root: string): InstanceIdentifier | null {
  const valued = ids.filter(({ extension }) => extension !== null);
  return valued.find((id) => id.root === root) ?? valued[0] ?? ids[0] ?? null;
}

function specialtyOf({ code, codeSystem, displayName }: Coded): Code {
  return { code, scheme: codeSystem ?? '', label: displayName ?? code };
}

/** Struct_IdNat of the structures to which the authors of a document belong, each once, in order. */
export function authorStructures(facts: DocumentFacts): string[] {
  const institutions = facts.authors.flatMap(({ organization }) => organization ?? []).map(institutionOf);
  const national = institutions.filter(({ authority }) => authority === STRUCTURE_ROOT);
  return [...new Set(national.flatMap(({ id }) => id ?? []))];
}

/** The structure in whose name a lot leaves: Identifiant_Structure of the VIHF. */
export interface Structure {
  /** Struct_IdNat, or a bare FINESS. */
  id: string;
  name: string;
}

/**
 * Author of the lot: who asked for the sending (PRT "SB"), as person or as system, else the one configured; always of the
 * structure that sends, since the DMP compares both.
 */
export function lotAuthor(request: SubmissionRequest, structure: Structure, otherwise: Author): Author {
  const institutions = [
    { name: structure.name, id: nationalStructureId(structure.id), authority: STRUCTURE_ROOT },
  ];
  const { person, device } = request.requester ?? { person: null, device: null };
  if (person) return { ...requesterPerson(person), institutions };
  if (device) return { ...requesterDevice(device), institutions };
  return { ...otherwise, institutions };
}

type Requester = NonNullable<SubmissionRequest['requester']>;

function requesterPerson(person: NonNullable<Requester['person']>): Omit<Author, 'institutions'> {
  const specialty = specialtyText(person.specialty);
  return {
    person: {
      id: nationalProfessionalId(person.id),
      authority: PROFESSIONAL_ROOT,
      family: person.family,
      given: person.given,
      nameType: 'D',
      idType: 'IDNPS',
    },
    roles: [],
    specialties: specialty ? [specialty] : [],
  };
}

/** `code^label^OID`; a text of another form says nothing that the DMP could check and is left out. */
function specialtyText(text: string | null): Code | null {
  const [code, label, scheme] = text?.split('^') ?? [];
  return code && label && scheme ? { code, label, scheme } : null;
}

function requesterDevice(device: NonNullable<Requester['device']>): Omit<Author, 'institutions'> {
  return {
    person: {
      id: device.id,
      authority: PROFESSIONAL_ROOT,
      family: device.name,
      given: null,
      nameType: 'U',
      idType: 'RI',
    },
    roles: [],
    specialties: [],
  };
}
