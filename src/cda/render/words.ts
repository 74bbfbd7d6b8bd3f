import type { Coded, InstanceIdentifier, Interval, Organization, PersonName } from '../../words/document.ts';
import { attribute, children, foldedText } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { parseTime } from '../times.ts';

/** Offsets of the clocks of metropolitan France, which nobody needs to be told. */
const AT_HOME: ReadonlySet<number> = new Set([60, 120]);

/** An HL7 time stamp as the French write it, `31/01/2024 à 09:30`, as far as it is given; as written when it is none. */
export function timeWords(stamp: string | null): string | null {
  if (!stamp) return null;
  const time = parseTime(stamp);
  if (!time) return stamp;
  const [hour, minute = 0] = time.fields.slice(3);
  const day = time.date.split('-').reverse().join('/');
  if (hour === undefined) return day;
  return `${day} à ${two(hour)}:${two(minute)}${offsetWords(time.offsetMinutes)}`;
}

function offsetWords(minutes: number | null): string {
  if (minutes === null || AT_HOME.has(minutes)) return '';
  const size = Math.abs(minutes);
  return ` (UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)})`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

export function intervalWords({ low, high }: Interval): string | null {
  const [from, to] = [timeWords(low), timeWords(high)];
  if (from && to) return from === to ? from : `du ${from} au ${to}`;
  return from ?? (to && `jusqu’au ${to}`);
}

/** A coded value as it is read: its name, or its code when it has none. */
export function codedWords(coded: Coded | null): string | null {
  return coded && (coded.displayName ?? coded.code);
}

/** A person as one is addressed: the title (suffix in the CI-SIS), or the civility without one, given names, names. */
export function personWords(name: PersonName | null): string | null {
  if (!name) return null;
  const values = (part: 'given' | 'family') => name[part].map(({ value }) => value);
  return joined([name.suffix ?? name.prefix, ...values('given'), ...values('family')], ' ');
}

export function organizationWords(organization: Organization | null): string | null {
  if (!organization) return null;
  const id = organization.ids.map(identifierWords)[0];
  return joined([organization.name, id && `(${id})`], ' ');
}

/** What an identifier is called by its root; sources: OID of the CI-SIS (INS, RPPS, FINESS). */
const ROOTS: Readonly<Record<string, string>> = {
  '1.2.250.1.213.1.4.8': 'INS (NIR)',
  '1.2.250.1.213.1.4.9': 'INS (NIA)',
  '1.2.250.1.213.1.4.10': 'INS (NIR de test)',
  '1.2.250.1.213.1.4.11': 'INS (NIA de test)',
};

export function identifierLabel({ root }: InstanceIdentifier): string {
  return ROOTS[root] ?? 'Identifiant';
}

export function identifierWords({ root, extension }: InstanceIdentifier): string {
  return extension ?? root;
}

/** Telephone numbers and addresses of a role, each as it is dialled. */
export function telecomWords(role: XmlElement | null): string | null {
  const values = children(role, 'telecom').flatMap((one) => attribute(one, 'value') ?? []);
  return joined(
    values.map((value) => value.replace(/^(tel|mailto|fax):/, '')),
    ' ; ',
  );
}

/** The addresses of a role, each on one line. */
export function addressWords(role: XmlElement | null): string | null {
  const lines = children(role, 'addr').map((addr) => {
    const parts = addr.children.flatMap((node) => (node.kind === 1 ? (foldedText(node) ?? []) : []));
    return parts.length > 0 ? parts.join(' ') : foldedText(addr);
  });
  return joined(lines, ' ; ');
}

export function joined(parts: readonly (string | null | undefined)[], by: string): string | null {
  return parts.filter(Boolean).join(by) || null;
}
