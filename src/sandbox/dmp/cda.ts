import { attribute, child, children, descend, descendants, isElement } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { dtmOf, type Ins } from './formats.ts';

/** What the registry reads in a CDA to compare with its metadata. */
export interface CdaHeader {
  root: XmlElement;
  id: { element: XmlElement; root: string; extension: string | null } | null;
  patients: Ins[];
  effectiveTime: string;
}

/** The ClinicalDocument of a document: its root, or below a style sheet when it presents itself. */
export function clinicalDocument(document: XmlDocument, selfPresenting: boolean): XmlElement | null {
  if (!selfPresenting) return isElement(document.root, 'ClinicalDocument') ? document.root : null;
  for (const element of descendants(document)) if (isElement(element, 'ClinicalDocument')) return element;
  return null;
}

export function readHeader(root: XmlElement): CdaHeader {
  const id = child(root, 'id');
  const role = descend(root, 'recordTarget', 'patientRole');
  return {
    root,
    id: id && { element: id, root: attribute(id, 'root') ?? '', extension: attribute(id, 'extension') },
    patients: children(role, 'id').map((one) => ({
      matricule: attribute(one, 'extension') ?? '',
      root: attribute(one, 'root') ?? '',
    })),
    effectiveTime: attribute(child(root, 'effectiveTime'), 'value') ?? '',
  };
}

const TS = /^(\d{4,14})(?:\.\d+)?(?:([+-])(\d\d)(\d\d))?$/;
/** The widest offset from UTC that exists: how far a time without offset may be from its UTC form. */
const WIDEST_OFFSET_MS = 14 * 3_600_000;
const DAY_DIGITS = 8;

/**
 * Whether an XDS time in UTC is the HL7 time stamp of a CDA, at the lower precision of the two. A date stays a date; a
 * time without offset is taken when some zone makes them equal.
 */
export function sameInstant(utc: string, ts: string): boolean {
  const found = TS.exec(ts);
  if (!found) return false;
  const [, digits, sign, hours, minutes] = found;
  const precision = Math.min(utc.length, digits!.length);
  if (digits!.length <= DAY_DIGITS) return utc === digits;
  if (utc.length < DAY_DIGITS) return false;
  const offsetMs = sign ? (Number(hours) * 60 + Number(minutes)) * (sign === '+' ? 60_000 : -60_000) : null;
  const written = instantOf(digits!);
  if (offsetMs === null) return Math.abs(instantOf(utc) - written) <= WIDEST_OFFSET_MS;
  return dtmOf(new Date(written - offsetMs)).slice(0, precision) === utc.slice(0, precision);
}

/** Milliseconds since 1970 of digits in UTC, year first. */
export function instantOf(digits: string): number {
  const part = (from: number, to: number, least: number): number => Number(digits.slice(from, to) || least);
  const [month, day] = [part(4, 6, 1), part(6, 8, 1)];
  return Date.UTC(part(0, 4, 0), month - 1, day, part(8, 10, 0), part(10, 12, 0), part(12, 14, 0));
}
