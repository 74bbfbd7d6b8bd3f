import type { PatientFacts } from '../../words/document.ts';
import { attribute, child, children, descend, foldedText } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { readCoded, readName } from '../datatypes.ts';
import { readPatient } from '../patient.ts';
import type { Group, Row } from './model.ts';
import {
  codedWords,
  identifierLabel,
  identifierWords,
  joined,
  personWords,
  telecomWords,
  timeWords,
} from './words.ts';

const SEXES: Readonly<Record<string, string>> = {
  M: 'masculin',
  F: 'féminin',
  U: 'indéterminé',
  UN: 'indéterminé',
};

/** Parts of a name by qualifier (INS reference): birth name and used name, list of birth given names, first and used one. */
const NAMES: readonly (readonly [part: 'family' | 'given', qualifier: string | null, label: string])[] = [
  ['family', 'BR', 'Nom de naissance'],
  ['family', 'CL', 'Nom utilisé'],
  ['family', 'SP', 'Nom utilisé'],
  ['family', null, 'Nom'],
  ['given', null, 'Prénoms'],
  ['given', 'BR', 'Premier prénom'],
  ['given', 'CL', 'Prénom utilisé'],
];

export function patientGroup(header: XmlElement): Group {
  const patient = readPatient(header);
  if (!patient) return { title: 'Patient', rows: [] };
  const role = descend(header, 'recordTarget', 'patientRole');
  const rows: (readonly [string, string | null | undefined])[] = [
    ...nameRows(patient),
    ['Né(e) le', timeWords(patient.birthTime)],
    ['Sexe', SEXES[patient.gender ?? ''] ?? patient.gender],
    ['Lieu de naissance', birthPlace(role, patient)],
    ...patient.ids
      .filter(({ root, extension }) => root !== '' || extension)
      .map((id) => [identifierLabel(id), identifierWords(id)] as const),
    ['Adresse', joined(patient.address, ' ; ')],
    ['Contact', telecomWords(role)],
    ...children(child(role, 'patient'), 'guardian').map((one) => ['Représentant', guardian(one)] as const),
  ];
  return {
    title: 'Patient',
    rows: rows.flatMap(([label, value]): Row[] => (value ? [{ label, value }] : [])),
  };
}

function nameRows({ name }: PatientFacts): (readonly [string, string])[] {
  return NAMES.flatMap(([part, qualifier, label]) => {
    const words = name[part]
      .filter((one) => one.qualifier === qualifier && one.value)
      .map((one) => one.value);
    return words.length > 0 ? [[label, words.join(' ')] as const] : [];
  });
}

function birthPlace(role: XmlElement | null, { birthPlace }: PatientFacts): string | null {
  const place = descend(role, 'patient', 'birthplace', 'place');
  const name = foldedText(child(place, 'name')) ?? foldedText(descend(place, 'addr', 'city'));
  return joined([name, birthPlace && `(code ${birthPlace})`], ' ');
}

function guardian(element: XmlElement): string | null {
  const name = descend(element, 'guardianPerson', 'name');
  const organization = foldedText(descend(element, 'guardianOrganization', 'name'));
  return joined(
    [
      name ? personWords(readName(name)) : organization,
      codedWords(readCoded(child(element, 'code'))),
      telecomWords(element),
    ],
    ', ',
  );
}

/** One line that names the patient: birth name, first given name, date of birth and sex. */
export function patientLine(header: XmlElement): string {
  const patient = readPatient(header);
  if (!patient) return 'Patient inconnu';
  const pick = (part: 'family' | 'given', ...qualifiers: (string | null)[]) =>
    qualifiers.flatMap((qualifier) =>
      patient.name[part].filter((one) => one.qualifier === qualifier && one.value),
    )[0]?.value;
  const birth = timeWords(patient.birthTime);
  return (
    joined(
      [
        joined([pick('family', 'BR', 'CL', null, 'SP'), pick('given', 'BR', null, 'CL')], ' '),
        birth && `né(e) le ${birth}`,
        attribute(
          descend(header, 'recordTarget', 'patientRole', 'patient', 'administrativeGenderCode'),
          'code',
        ),
      ],
      ' — ',
    ) ?? 'Patient inconnu'
  );
}
