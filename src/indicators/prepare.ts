import type { Environment } from '../words/environment.ts';
import type { DeliveredDocument } from '../words/figures.ts';
import { type ExamLinks, linkToExams } from './exam-linking.ts';
import type { IndicatorFacts } from './facts.ts';
import { EACH_ROW, type Grouping, studies, transfers } from './grouping.ts';
import { LinkedDocuments } from './linked-documents.ts';
import { documentVersions, type Versions } from './live.ts';
import { MailTable } from './mails.ts';
import type { FactSource } from './rules.ts';
import type { Settings } from './settings.ts';
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
  /** The versions, in the same rows. */
  readonly deposits: LinkedDocuments<DeliveredDocument>;
  readonly examLinks: ExamLinks;
  readonly #transfers = new Map<number, Grouping>();
  #studies: Grouping | null = null;
  #mails: MailTable | null = null;

  constructor(facts: IndicatorFacts, environment: Environment, zone: string) {
    this.facts = facts;
    this.environment = environment;
    this.zone = zoneOf(zone);
    this.stays = stayTable(facts, this.codes, this.zone);
    this.exams = examTable(facts, this.codes, this.zone);
    this.versions = documentVersions(facts.documents, environment);
    this.deposits = new LinkedDocuments(this.versions.documents, this.#hospital());
    this.examLinks = linkToExams(this.versions.documents, this.exams);
  }

  /** Made when a first figure asks for them. */
  get mails(): MailTable {
    this.#mails ??= new MailTable(this.facts.mails ?? [], this.environment, this.#hospital());
    return this.#mails;
  }

  /** Whether facts of a kind were given, though it be none. */
  has(source: FactSource): boolean {
    return source === 'mails' ? this.facts.mails !== undefined : true;
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

  #hospital() {
    return { stays: this.stays, codes: this.codes, zone: this.zone, people: this.facts.people };
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
