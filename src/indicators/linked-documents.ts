import { type InstantRange, instantsIn, parseTime } from '../cda/times.ts';
import type { CountedDocument } from '../words/figures.ts';
import { type DocumentKinds, documentKinds } from './document-kinds.ts';
import type { IndicatorFacts } from './facts.ts';
import { linkToStays, type StayLinks } from './linking.ts';
import { linkingKey, type Settings } from './settings.ts';
import type { FinessCodes, StayTable } from './tables.ts';
import type { Zone } from './zone.ts';

/** What documents are linked to. */
export interface Hospital {
  stays: StayTable;
  codes: FinessCodes;
  zone: Zone;
  people: IndicatorFacts['people'];
}

/** Documents made ready to be counted, wherever they went: what they are, when they were written, of which stay and site. */
export class LinkedDocuments<T extends CountedDocument = CountedDocument> {
  readonly documents: readonly T[];
  readonly kinds: DocumentKinds;
  readonly #hospital: Hospital;
  readonly #stayLinks = new Map<string, StayLinks>();
  readonly #dated = new Map<number, InstantRange | null>();
  #sites: Uint16Array | null = null;

  constructor(documents: readonly T[], hospital: Hospital) {
    this.documents = documents;
    this.kinds = documentKinds(documents);
    this.#hospital = hospital;
  }

  /** Links between documents and stays; made once for each way of linking that a definition or tenant asks for. */
  stayLinks(settings: Settings): StayLinks {
    const key = linkingKey(settings);
    const known = this.#stayLinks.get(key);
    if (known) return known;
    const { stays, zone, people } = this.#hospital;
    const links = linkToStays(this.documents, stays, settings, zone, people);
    this.#stayLinks.set(key, links);
    return links;
  }

  /** The instants that the own date of a document may mean, null when it has none that can be read. */
  datedRange(row: number): InstantRange | null {
    const known = this.#dated.get(row);
    if (known !== undefined) return known;
    const time = parseTime(this.documents[row]!.effectiveTime ?? '');
    const range = time && instantsIn(time, this.#hospital.zone.name);
    this.#dated.set(row, range);
    return range;
  }

  /** Code of the site that each document names, 0 when it names none. */
  sites(): Uint16Array {
    this.#sites ??= Uint16Array.from(this.documents, ({ stay }) =>
      stay ? this.#hospital.codes.codeOf(stay.finessEg) : 0,
    );
    return this.#sites;
  }
}
