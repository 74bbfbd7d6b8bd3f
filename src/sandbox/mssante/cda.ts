import { parseXml } from '../../xml/parse.ts';
import { attribute, child, children, descend, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';

/** What the operator reads in a CDA. */
export interface CdaHead {
  /** root, or root^extension. */
  id: string;
  code: string;
  label: string;
  title: string;
  /** Matricule under one of the INS roots, or null. */
  ins: { matricule: string; root: string } | null;
  /** Whether it shows matricule, root, birth name, first given name, birth date and sex (ECO.2.4.2). */
  qualified: boolean;
  /** For a subject: NAME given DD/MM/YYYY. */
  patient: string;
}

const INS_ROOT = /^1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/;

/** The head of a CDA, or null when the bytes are none. */
export function readCda(bytes: Uint8Array): CdaHead | null {
  const root = rootOf(bytes);
  if (!root) return null;
  const id = child(root, 'id');
  const code = child(root, 'code');
  const role = descend(root, 'recordTarget', 'patientRole');
  const patient = child(role, 'patient');
  const ins = insOf(role);
  const name = namesOf(patient);
  const birth = attribute(child(patient, 'birthTime'), 'value') ?? '';
  const sex = attribute(child(patient, 'administrativeGenderCode'), 'code') ?? '';
  return {
    id: [attribute(id, 'root') ?? '', attribute(id, 'extension')].filter(Boolean).join('^'),
    code: attribute(code, 'code') ?? '',
    label: attribute(code, 'displayName') ?? '',
    title: textOf(child(root, 'title')).trim(),
    ins,
    qualified: ins !== null && [name.family, name.given, birth, sex].every(Boolean),
    patient: [plain(name.family).toUpperCase(), plain(name.given), day(birth)].filter(Boolean).join(' '),
  };
}

function rootOf(bytes: Uint8Array): XmlElement | null {
  try {
    const { root } = parseXml(bytes);
    return isElement(root, 'ClinicalDocument') ? root : null;
  } catch {
    return null;
  }
}

function insOf(role: XmlElement | null): CdaHead['ins'] {
  for (const id of children(role, 'id')) {
    const root = attribute(id, 'root') ?? '';
    if (INS_ROOT.test(root)) return { matricule: attribute(id, 'extension') ?? '', root };
  }
  return null;
}

function namesOf(patient: XmlElement | null): { family: string; given: string } {
  const name = child(patient, 'name');
  const part = (local: string) => {
    const all = children(name, local);
    return textOf(all.find((one) => attribute(one, 'qualifier') === 'BR') ?? all[0] ?? null).trim();
  };
  return { family: part('family'), given: part('given') };
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/[^\x20-\x7e]/g, '');
}

function day(birth: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)/.exec(birth);
  return found ? `${found[3]}/${found[2]}/${found[1]}` : '';
}
