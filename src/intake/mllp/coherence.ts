import type { Segment } from '../../hl7v2/message.ts';
import { normaliseMatricule } from '../../identity/matricule.ts';
import { comparableName } from '../../identity/names.ts';
import { insKindOf } from '../../identity/roots.ts';
import type { DocumentFacts, InstanceIdentifier, PatientFacts, PersonName } from '../../words/document.ts';
import type { Finding } from '../../words/findings.ts';
import type { Operation } from '../../words/request.ts';
import { parentsOf } from '../entries.ts';
import type { PatientSegment } from './patient.ts';
import { Remarks } from './remarks.ts';
import type { DocumentMessage } from './structure.ts';

/** What a message says that its document must say too. */
export interface Announced {
  parts: DocumentMessage;
  patient: PatientSegment;
  operation: Operation;
  typeCode: string;
  traits: 'refuse' | 'warn';
}

/** Seventh and eighth step, once the header of the document could be read: its type, its identifiers, its patient. */
export function judgeCoherence(announced: Announced, facts: DocumentFacts, index: number): Finding[] {
  const remarks = new Remarks();
  const { parts, typeCode, operation } = announced;
  const { obx } = parts.documents[index]!;
  const found = facts.code?.code ?? '-';
  if (found !== typeCode)
    remarks.add('message.document-type-differs', obx.place(3), { announced: typeCode, found });
  if (parts.txa) judgeIds(parts.txa, facts, operation, remarks);
  if (operation === 'replace' && parentsOf(facts).length === 0)
    remarks.add('message.replacement-without-link', obx.place(5, 5));
  judgeIdentity(announced, facts.patient, remarks);
  return remarks.findings;
}

function judgeIds(txa: Segment, facts: DocumentFacts, operation: Operation, remarks: Remarks): void {
  check(txa, 12, facts.id, remarks);
  if (operation !== 'replace' || txa.isEmpty(13)) return;
  const parents = facts.related.filter(({ typeCode }) => typeCode === 'RPLC').flatMap(({ ids }) => ids);
  const [parent] = parents;
  if (parent && !parents.some((one) => sameId(txa, 13, one))) check(txa, 13, parent, remarks);
}

function check(txa: Segment, number: 12 | 13, id: InstanceIdentifier, remarks: Remarks): void {
  if (sameId(txa, number, id)) return;
  const found = [id.root, id.extension].filter((part) => part !== null).join('^');
  const announced = txa.text(number).slice(0, 128) || '-';
  remarks.add('message.document-id-differs', txa.place(number), { field: `TXA-${number}`, announced, found });
}

/**
 * The forms in which an identifier may stand in TXA: its root; extension and root; both in one, with or without a dot
 * between them, as senders write it. The document's own form is the true one.
 */
function sameId(txa: Segment, number: number, { root, extension }: InstanceIdentifier): boolean {
  const id = txa.text(number, 1);
  const authority = txa.text(number, 3);
  if (extension === null) return id === root || `${authority}.${id}` === root;
  return (
    (id === extension && authority === root) || id === `${root}.${extension}` || id === `${root}${extension}`
  );
}

/** The INS must be the same; traits under the same INS too, unless the profile only warns. */
function judgeIdentity({ patient, traits }: Announced, found: PatientFacts | null, remarks: Remarks): void {
  const { pid, ins } = patient;
  const own =
    found?.ids.find(({ root, extension }) => insKindOf(root) !== null && extension !== null) ?? null;
  if (own && !ins) remarks.add('message.ins-not-in-message', pid.place(3));
  if (ins && !own) remarks.add('message.ins-not-in-document', pid.place(3, 1, ins.repetition));
  if (!found) return;
  if (ins && own && !sameIns(ins, own)) {
    const trait = { fr: 'le matricule INS', en: 'the INS' };
    remarks.add('message.patient-differs', pid.place(3, 1, ins.repetition), { trait });
    return;
  }
  for (const { field, trait, differs } of traitsThatDiffer(patient, found)) {
    if (traits === 'refuse' && differs === 'surely')
      remarks.add('message.patient-differs', pid.place(field), { trait });
    else remarks.add('message.patient-trait-differs', pid.place(field), { trait }, 'warning');
  }
}

function sameIns(ins: NonNullable<PatientSegment['ins']>, { root, extension }: InstanceIdentifier): boolean {
  return ins.root === root.trim() && ins.matricule === normaliseMatricule(extension ?? '');
}

interface TraitThatDiffers {
  field: number;
  trait: { fr: string; en: string };
  /** `perhaps`: two systems write it in different ways for the same person. */
  differs: 'surely' | 'perhaps';
}

function traitsThatDiffer(patient: PatientSegment, found: PatientFacts): TraitThatDiffers[] {
  const family = birthPart(found.name, 'family');
  const given = birthPart(found.name, 'given');
  const date = found.birthTime?.slice(0, 8) ?? null;
  const sexes = { M: 'M', F: 'F' } as Readonly<Record<string, string>>;
  const sex = found.gender ? (sexes[found.gender] ?? null) : null;
  const rows: (TraitThatDiffers & { same: boolean })[] = [
    row(5, 'le nom de naissance', 'the birth name', 'surely', sameName(patient.birthName, family)),
    row(5, 'le premier prénom', 'the first given name', 'perhaps', sameName(patient.firstName, given)),
    row(7, 'la date de naissance', 'the birth date', 'surely', same(patient.birthDate, date)),
    row(8, 'le sexe', 'the sex', 'surely', same(patient.sex === 'U' ? null : patient.sex, sex)),
    row(11, 'le lieu de naissance', 'the birth place', 'perhaps', same(patient.birthPlace, found.birthPlace)),
  ];
  return rows.filter((one) => !one.same);
}

function row(field: number, fr: string, en: string, differs: TraitThatDiffers['differs'], isSame: boolean) {
  return { field, trait: { fr, en }, differs, same: isSame };
}

/** What one of the two does not say cannot differ. */
function same(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

function sameName(a: string | null, b: string | null): boolean {
  return a === null || b === null || bare(a) === bare(b);
}

/** Hyphens and apostrophes are spaces in some systems. */
function bare(name: string): string {
  return comparableName(name).replace(/[-']/g, ' ').replace(/\s+/g, ' ');
}

function birthPart(name: PersonName, part: 'family' | 'given'): string | null {
  const values = name[part];
  return (values.find(({ qualifier }) => qualifier === 'BR') ?? values[0])?.value ?? null;
}
