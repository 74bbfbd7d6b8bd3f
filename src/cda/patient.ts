import type { PatientFacts } from '../words/document.ts';
import { attribute, child, children, descend, foldedText } from '../xml/select.ts';
import type { XmlElement } from '../xml/tree.ts';
import { readAddresses, readName } from './datatypes.ts';

/**
 * The patient of the first `recordTarget`, null without a `patientRole` (CI-SIS minimal structure). `ids` holds one entry
 * for each `id` element, with an empty root where it has none, so that its positions are those of the document.
 */
export function readPatient(clinicalDocument: XmlElement): PatientFacts | null {
  const role = descend(clinicalDocument, 'recordTarget', 'patientRole');
  if (!role) return null;
  const patient = child(role, 'patient');
  return {
    ids: children(role, 'id').map((id) => ({
      root: attribute(id, 'root') ?? '',
      extension: attribute(id, 'extension'),
    })),
    name: readName(child(patient, 'name')),
    gender: attribute(child(patient, 'administrativeGenderCode'), 'code'),
    birthTime: attribute(child(patient, 'birthTime'), 'value'),
    birthPlace: foldedText(descend(patient, 'birthplace', 'place', 'addr', 'county')),
    address: readAddresses(role),
  };
}
