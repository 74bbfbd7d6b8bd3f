import { type InstantRange, instantsIn, parseTime } from '../cda/times.ts';
import type { Environment } from '../words/environment.ts';
import { type DocumentKinds, documentKinds } from './document-kinds.ts';
import { type ExamLinks, linkToExams } from './exam-linking.ts';
import type { IndicatorFacts } from './facts.ts';
import { EACH_ROW, type Grouping, studies, transfers } from './grouping.ts';
import { linkToStays, type StayLinks } from './linking.ts';
import { documentVersions, type Versions } from './live.ts';
import { linkingKey, type Settings } from './settings.ts';
import { type ExamTable, examTable, FinessCodes, type StayTable, stayTable } from './tables.ts';
import { type Zone, zoneOf } from './zone.ts';

/**
 * Facts made ready to be counted, once for any number of periods, scopes, variants and definitions: columns, the life of
 * each document version, and what is linked to what. Linear in the facts. It is only a faster form of the facts: figures
 * computed from it and from the facts themselves are equal.
 */
export class PreparedFacts {
  readonly facts: IndicatorFacts;
  readonly environment: Environment;
  readonly zone: Zone;
  readonly codes = new FinessCodes();
  readonly stays: StayTable;
  readonly exams: ExamTable;
  readonly versions: Versions;
  readonly kinds: DocumentKinds;
  readonly examLinks: ExamLinks;
  readonly #stayLinks = new Map<string, StayLinks>();
  readonly #transfers = new Map<number, Grouping>();
  #studies: Grouping | null = null;
  readonly #dated = new Map<number, InstantRange | null>();
  #sites: Uint16Array | null = null;

  constructor(facts: IndicatorFacts, environment: Environment, zone: string) {
    this.facts = facts;
    this.environment = environment;
    this.zone = zoneOf(zone);
    this.stays = stayTable(facts, this.codes, this.zone);
    this.exams = examTable(facts, this.codes, this.zone);
    this.versions = documentVersions(facts.documents, environment);
    this.kinds = documentKinds(this.versions.documents);
    this.examLinks = linkToExams(this.versions.documents, this.exams);
  }

  /** Links between documents and stays; made once for each way of linking that a definition or tenant asks for. */
  stayLinks(settings: Settings): StayLinks {
    const key = linkingKey(settings);
    let links = this.#stayLinks.get(key);
    if (!links) {
      links = linkToStays(this.versions.documents, this.stays, settings, this.zone, this.facts.people);
      this.#stayLinks.set(key, links);
    }
    return links;
  }

  /** Which stays are counted as one in a view. */
  stayGroups(level: 'EJ' | 'EG', settings: Settings): Grouping {
    if (level === 'EG' || settings.transfersBetweenSites === 'separate') return EACH_ROW;
    const hours = settings.transferHours;
    const grouping = this.#transfers.get(hours) ?? transfers(this.stays, hours);
    this.#transfers.set(hours, grouping);
    return grouping;
  }

  studyGroups(): Grouping {
    this.#studies ??= studies(this.exams);
    return this.#studies;
  }

  /** The instants that the own date of a document version may mean, null when it has none that can be read. */
  datedRange(version: number): InstantRange | null {
    const known = this.#dated.get(version);
    if (known !== undefined) return known;
    const time = parseTime(this.versions.documents[version]!.effectiveTime ?? '');
    const range = time && instantsIn(time, this.zone.name);
    this.#dated.set(version, range);
    return range;
  }

  /** Code of the site that each document version names, 0 when it names none. */
  versionSites(): Uint16Array {
    this.#sites ??= Uint16Array.from(this.versions.documents, ({ stay }) =>
      stay ? this.codes.codeOf(stay.finessEg) : 0,
    );
    return this.#sites;
  }
}

/** The facts ready to be counted in an environment and zone; those already made ready for both stay as they are. */
export function prepareFacts(
  facts: IndicatorFacts | PreparedFacts,
  environment: Environment,
  zone: string,
): PreparedFacts {
  if (!(facts instanceof PreparedFacts)) return new PreparedFacts(facts, environment, zone);
  const fits = facts.environment === environment && facts.zone.name === zone;
  return fits ? facts : new PreparedFacts(facts.facts, environment, zone);
}
