import { attribute, child, children, descend, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { CheckContext } from './check.ts';
import { identifierOf, type RegistryObject, slotValues } from './ebxml.ts';
import { type Ins, parseInsCx } from './formats.ts';
import type { Traits } from './patients.ts';
import { ENTRY_PATIENT } from './profile.ts';
import type { Submission } from './submission.ts';

/** What a message says of a patient; a list is empty, a text is missing, where it says nothing. */
export interface SaidTraits {
  /** Birth names. */
  families: string[];
  givens: string[];
  birthDate?: string;
  sex?: string;
}

const DAY_DIGITS = 8;

/** Which traits differ from those of a listed patient; what is not said does not differ. */
export function differences(said: SaidTraits, known: Traits): string[] {
  const { families, givens, birthDate, sex } = said;
  const wrong: string[] = [];
  if (families.length > 0 && !families.some((one) => plain(one) === plain(known.family))) wrong.push('nom');
  const first = plain(known.given);
  if (givens.length > 0 && !givens.some((one) => sameGiven(plain(one), first))) wrong.push('prénom');
  if (birthDate?.length === DAY_DIGITS && birthDate !== known.birthDate) wrong.push('date de naissance');
  if (/^[MF]$/.test(sex ?? '') && sex !== known.sex) wrong.push('sexe');
  return wrong;
}

/** A document may write the first given name, or more of them than the list does. */
function sameGiven(said: string, known: string): boolean {
  return said === known || known.startsWith(`${said} `) || said.startsWith(`${known} `);
}

/** Names without case, accents, hyphens and apostrophes. */
function plain(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  return letters.replace(/[^A-Z]+/g, ' ').trim();
}

/** The traits that the documents of an entry's patient must have: those of a listed patient whose DMP is open. */
export function knownTraits(entry: RegistryObject, { patients, switches }: CheckContext): Traits | undefined {
  const ins: Ins | null = parseInsCx(identifierOf(entry, ENTRY_PATIENT) ?? '');
  if (!ins || switches.traits === 'accept' || patients.stateOf(ins, switches).state !== 'open')
    return undefined;
  return patients.traitsOf(ins);
}

/** sourcePatientInfo of every entry, against the traits of a listed patient. */
export function checkTraits({ documents }: Submission, context: CheckContext): void {
  for (const entry of documents) {
    const known = knownTraits(entry, context);
    if (!known) continue;
    const wrong = differences(saidInSlot(slotValues(entry, 'sourcePatientInfo')), known);
    if (wrong.length > 0)
      context.report.refuse('sandbox.traits-differ', entry.element, {
        where: 'sourcePatientInfo',
        what: wrong.join(', '),
      });
  }
}

function saidInSlot(lines: readonly string[]): SaidTraits {
  const said: SaidTraits = { families: [], givens: [] };
  for (const line of lines) {
    const text = line.slice(line.indexOf('|') + 1);
    const [family = '', given = '', , , , , type] = text.split('^');
    if (line.startsWith('PID-5|') && type === 'L') {
      said.families.push(family);
      if (given) said.givens.push(given);
    }
    if (line.startsWith('PID-7|')) said.birthDate = text;
    if (line.startsWith('PID-8|')) said.sex = text;
  }
  return said;
}

/** The patient of a CDA, against the traits of a listed patient. */
export function checkCdaTraits(
  root: XmlElement,
  known: Traits,
  { report }: Pick<CheckContext, 'report'>,
): void {
  const patient = descend(root, 'recordTarget', 'patientRole', 'patient');
  if (!patient) return;
  const wrong = differences(saidInCda(patient), known);
  if (wrong.length > 0)
    report.refuse('sandbox.traits-differ', patient, { where: 'CDA', what: wrong.join(', ') });
}

function saidInCda(patient: XmlElement): SaidTraits {
  const name = child(patient, 'name');
  const families = children(name, 'family');
  const birth = families.filter((one) => attribute(one, 'qualifier') === 'BR');
  return {
    families: (birth.length > 0 ? birth : families).map(textOf),
    givens: children(name, 'given').map(textOf),
    birthDate: attribute(child(patient, 'birthTime'), 'value')?.slice(0, DAY_DIGITS) ?? '',
    sex: attribute(child(patient, 'administrativeGenderCode'), 'code') ?? '',
  };
}
