import { type FieldValue, type SegmentValue, segment } from '../../hl7v2/writer.ts';
import { insKindOf } from '../../identity/roots.ts';
import type { InstanceIdentifier, PatientFacts } from '../../words/document.ts';
import type { SourcePatientName } from '../../xds/model.ts';
import { sourceInfoOf } from '../../xds/patient.ts';

/**
 * PID as the volet wants it of a document that came in: the identifiers of the CDA, all of them and no other, its names, and
 * with an INS the traits that belong to it. An INS leaves its owner only when it is qualified: VALI.
 */
export function patientSegment(patient: PatientFacts): SegmentValue {
  const { names, birthDate, sex } = sourceInfoOf(patient, 'U')!;
  const given = givenNames(patient);
  const ids = patient.ids.filter(({ extension }) => extension !== null);
  const ins = ids.some(({ root }) => insKindOf(root) !== null);
  return segment('PID', {
    3: { repeat: ids.map(identifier) },
    5: { repeat: names.map((name) => xpn(name, given)) },
    7: birthDate,
    8: sex,
    11: patient.birthPlace === null ? null : [...empty(6), 'BDL', null, patient.birthPlace],
    32: ins ? 'VALI' : null,
  });
}

const NAMESPACES = { NIR: 'INS-NIR', NIA: 'INS-NIA', TEST: 'INS-NIR', DEMO: 'INS-NIR' } as const;

function identifier({ root, extension }: InstanceIdentifier): FieldValue {
  const kind = insKindOf(root);
  const namespace = kind === null ? '' : `ASIP-SANTE-${NAMESPACES[kind]}`;
  return [extension, null, null, [namespace, root, 'ISO'], kind === null ? 'PI' : 'INS'];
}

/** Given names as one list: in a CDA the list of birth stands in one element, or in several. */
function givenNames({ name }: PatientFacts): string {
  const birth = name.given.filter(({ qualifier }) => qualifier === 'BR');
  const list = name.given.filter(({ qualifier }) => qualifier === null);
  return (list.length > 0 ? list : birth).map(({ value }) => value).join(' ');
}

function xpn({ family, given, type }: SourcePatientName, list: string): FieldValue {
  return [family, given, type === 'L' ? list : null, null, null, null, type];
}

function empty(count: number): null[] {
  return Array.from({ length: count }, () => null);
}
