import type { Environment } from '../words/environment.ts';
import type { Values } from '../words/errors.ts';
import type { Severity } from '../words/findings.ts';
import type { IdentityCode } from './errors.ts';
import { maskMatricule } from './masking.ts';
import { type MatriculeParts, matriculeKey, normaliseMatricule, partsOf } from './matricule.ts';
import { insKindOf } from './roots.ts';

/** A fault in the form of a matricule, whoever it belongs to. */
export interface Fault {
  code: IdentityCode;
  severity: Severity;
  values?: Values;
}

export interface MatriculeReading {
  /** The matricule as it should be written. */
  matricule: string;
  /** Null when it has not the form of a matricule; then nothing more can be compared. */
  parts: MatriculeParts | null;
  keyOk: boolean;
  faults: Fault[];
}

/**
 * Reads a matricule as written under an INS root: what it should be, and every fault of its form (INS sheet, 3 and 3.1). A
 * wrong key is an error in production and a warning elsewhere, because official test data hold wrong keys.
 */
export function readMatricule(text: string, root: string, environment: Environment): MatriculeReading {
  const matricule = normaliseMatricule(text);
  const parts = partsOf(matricule);
  const faults: Fault[] = matricule === text ? [] : [error('ins.not-normalised')];
  if (parts) faults.push(...formFaults(parts, root), ...keyFaults(parts, environment));
  else faults.push(shapeFault(matricule));
  return { matricule, parts, keyOk: parts !== null && matriculeKey(parts.body) === parts.key, faults };
}

function error(code: IdentityCode, values: Values = {}): Fault {
  return { code, severity: 'error', values };
}

function warning(code: IdentityCode, values: Values = {}): Fault {
  return { code, severity: 'warning', values };
}

const MATRICULE_LENGTH = 15;

function shapeFault(matricule: string): Fault {
  const { length } = matricule;
  return length === MATRICULE_LENGTH ? error('ins.format') : error('ins.length', { length });
}

function formFaults(parts: MatriculeParts, root: string): Fault[] {
  return [...seriesFaults(parts, root), ...monthFaults(parts), ...placeFaults(parts), ...orderFaults(parts)];
}

/** A NIR begins with 1 or 2; waiting numbers have had other series. */
function seriesFaults({ sex: digit }: MatriculeParts, root: string): Fault[] {
  if (/[12]/.test(digit)) return [];
  const waiting = insKindOf(root) === 'NIA' && /[3478]/.test(digit);
  return [
    waiting
      ? warning('ins.temporary-series', { digit })
      : error('ins.sex-digit', { digit, root: root.trim() }),
  ];
}

/** 01 to 12, or 20 and above when the civil record is incomplete; no source explains 43 to 49. */
function monthFaults({ month }: MatriculeParts): Fault[] {
  const number = Number(month);
  if (number === 0 || (number > 12 && number < 20)) return [error('ins.month-invalid', { month })];
  return number >= 43 && number <= 49 ? [warning('ins.month-unusual', { month })] : [];
}

function placeFaults({ place }: MatriculeParts): Fault[] {
  const department = place.slice(0, 2);
  if (department === '00') return [error('ins.department-invalid', { department })];
  return place.slice(2) === '000' ? [warning('ins.commune-zero')] : [];
}

function orderFaults({ order }: MatriculeParts): Fault[] {
  return order === '000' ? [error('ins.order-zero')] : [];
}

function keyFaults({ body, key }: MatriculeParts, environment: Environment): Fault[] {
  const expected = matriculeKey(body)!;
  if (key === expected) return [];
  const masked = maskMatricule(body + key);
  const severity = environment === 'production' ? 'error' : 'warning';
  if (Number(key) < 1 || Number(key) > 97)
    return [{ code: 'ins.key-range', severity, values: { key, masked } }];
  return [{ code: 'ins.key-mismatch', severity, values: { key, expected, masked } }];
}
