import type { CountedDocument } from '../words/figures.ts';
import type { StayReference } from '../words/request.ts';
import type { IndicatorFacts, PersonLink } from './facts.ts';
import type { Settings } from './settings.ts';
import { type Adjacency, adjacency, type StayTable } from './tables.ts';
import { factInstant, type Zone } from './zone.ts';

/** How a document was linked to its stay, or why it is not (sheet, 6.2). The first three are links by number. */
export const STAY_LINKS = [
  'number',
  'visit',
  'swapped',
  'inferred',
  'no-reference',
  'unknown-stay',
  'ambiguous-stay',
] as const;
export type StayLink = (typeof STAY_LINKS)[number];

export const INFERRED = STAY_LINKS.indexOf('inferred');

interface Link {
  /** Row of the stay, -1 when there is none. */
  stay: number;
  link: StayLink;
}

const unlinked = (link: StayLink): Link => ({ stay: -1, link });

/** The stay of every document version, under one set of linking settings. */
export interface StayLinks {
  /** Row of the stay of each version, or -1. */
  stays: Int32Array;
  /** Index into `STAY_LINKS` for each version. */
  links: Uint8Array;
  /** Versions of each stay. */
  versionsOf: Adjacency;
}

export function linkToStays(
  documents: readonly CountedDocument[],
  table: StayTable,
  settings: Settings,
  zone: Zone,
  people: IndicatorFacts['people'],
): StayLinks {
  const link = linker(table, settings, zone, people ?? []);
  const stays = new Int32Array(documents.length);
  const links = new Uint8Array(documents.length);
  for (let row = 0; row < documents.length; row += 1) {
    const found = link(documents[row]!);
    stays[row] = found.stay;
    links[row] = STAY_LINKS.indexOf(found.link);
  }
  return { stays, links, versionsOf: adjacency(table.stays.length, stays, (row) => row) };
}

type Linker = (document: Pick<CountedDocument, 'stay' | 'person'>) => Link;

/**
 * Links one document: by file number (PID-18), else by visit number (PV1-19), else, when it bears neither, by patient and
 * days. The encounter identifier of the CDA is never used: it is often another system's.
 */
export function linker(
  table: StayTable,
  settings: Settings,
  zone: Zone,
  people: readonly PersonLink[],
): Linker {
  const normalise = stayNumberNormaliser(settings);
  const numbers = siteNumbers(table, (row) => normalise(table.stays[row]!.stayNo));
  const visits = siteNumbers(table, (row) => normalise(table.stays[row]!.visitNo));
  const infer = settings.inferStays ? inference(table, settings.inferredDays, zone, people) : null;
  return ({ stay: reference, person }) => {
    if (!reference) return unlinked('no-reference');
    const number = normalise(reference.number);
    const visit = normalise(reference.visit);
    if (number === null && visit === null) return infer?.(reference, person) ?? unlinked('no-reference');
    const [ofNumbers, ofVisits] = [numbers.get(reference.finessEg), visits.get(reference.finessEg)];
    const tries: [StayLink, number][] = [
      ['number', lookUp(ofNumbers, number)],
      ['visit', lookUp(ofVisits, visit)],
    ];
    if (settings.swappedStayNumbers)
      tries.push(['swapped', lookUp(ofVisits, number)], ['swapped', lookUp(ofNumbers, visit)]);
    return firstHit(tries);
  };
}

function firstHit(tries: readonly [StayLink, number][]): Link {
  for (const [link, stay] of tries) if (stay >= 0) return { stay, link };
  return unlinked(tries.some(([, stay]) => stay === AMBIGUOUS) ? 'ambiguous-stay' : 'unknown-stay');
}

/**
 * Makes stay numbers comparable as the tenant's settings say (sheet, section 11, case 22); an empty number is none. A
 * number of zeros alone keeps one.
 */
export function stayNumberNormaliser(settings: Settings): (number: string | null) => string | null {
  const upper = settings.stayNumberCase === 'upper';
  const strip = settings.stayNumberLeadingZeros === 'strip';
  const prefixes = settings.stayNumberPrefixes.map((prefix) => (upper ? prefix.toUpperCase() : prefix));
  return (number) => {
    if (number === null) return null;
    let text = upper ? number.trim().toUpperCase() : number.trim();
    const prefix = prefixes.find((one) => text.startsWith(one) && text.length > one.length);
    if (prefix !== undefined) text = text.slice(prefix.length);
    if (strip) text = text.replace(/^0+(?=.)/, '');
    return text === '' ? null : text;
  };
}

type SiteNumbers = ReadonlyMap<string, ReadonlyMap<string, number>>;

const MISSING = -1;
const AMBIGUOUS = -2;

/** Rows by site and number: two sites may use one number for two stays. A number of two stays of one site names none. */
function siteNumbers(table: StayTable, numberOf: (row: number) => string | null): SiteNumbers {
  const sites = new Map<string, Map<string, number>>();
  for (let row = 0; row < table.stays.length; row += 1) {
    const number = numberOf(row);
    if (number === null) continue;
    const { finessEg } = table.stays[row]!;
    const rows = sites.get(finessEg) ?? new Map<string, number>();
    sites.set(finessEg, rows.set(number, rows.has(number) ? AMBIGUOUS : row));
  }
  return sites;
}

function lookUp(rows: ReadonlyMap<string, number> | undefined, number: string | null): number {
  return number === null ? MISSING : (rows?.get(number) ?? MISSING);
}

type Inference = (reference: StayReference, person: string | null) => Link;

/** Stays of the same patient in the same site whose admission and discharge lie within some days of those given. */
function inference(table: StayTable, days: number, zone: Zone, people: readonly PersonLink[]): Inference {
  if (people.length === 0) return () => unlinked('no-reference');
  const ofPerson = staysByPerson(table, people);
  const near = (ms: number, text: string) => {
    const other = Number.isNaN(ms) ? null : factInstant(text, zone);
    return other !== null && Math.abs(zone.dayOf(ms) - zone.dayOf(other)) <= days;
  };
  return ({ finessEg, admittedAt, dischargedAt }, person) => {
    if (person === null || admittedAt === null || dischargedAt === null) return unlinked('no-reference');
    const found = (ofPerson(person) ?? []).filter(
      (row) =>
        table.stays[row]!.finessEg === finessEg &&
        near(table.admitted[row]!, admittedAt) &&
        near(table.discharged[row]!, dischargedAt),
    );
    if (found.length > 1) return unlinked('ambiguous-stay');
    return found.length === 1 ? { stay: found[0]!, link: 'inferred' } : unlinked('no-reference');
  };
}

function staysByPerson(
  table: StayTable,
  people: readonly PersonLink[],
): (person: string) => number[] | undefined {
  const personsOf = Map.groupBy(people, (link) => link.patient);
  const rows = new Map<string, Set<number>>();
  for (let row = 0; row < table.stays.length; row += 1) {
    const { patient } = table.stays[row]!;
    if (patient === null) continue;
    // A stay of movements names its person, a stay of a file what its person is known by.
    for (const { person } of personsOf.get(patient) ?? [{ person: patient }]) {
      const known = rows.get(person);
      if (known) known.add(row);
      else rows.set(person, new Set([row]));
    }
  }
  return (person) => {
    const found = rows.get(person);
    return found && [...found];
  };
}
