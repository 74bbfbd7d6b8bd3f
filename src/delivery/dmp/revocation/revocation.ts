import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../../words/clock.ts';
import { isViaducError } from '../../../words/errors.ts';
import { type RevocationFacts, revocationFacts } from './certificate.ts';
import { type Fetch, fetcher } from './fetch.ts';
import { type Complaint, RevocationLists } from './lists.ts';
import { askOcsp } from './ocsp.ts';

export interface RevocationSettings {
  /** `soft`: a server of unknown standing is spoken to and told; `hard`: it is not; `off`: nothing is asked. */
  mode: 'off' | 'soft' | 'hard';
  /** Files and addresses of lists beside those that certificates name. */
  lists: string[];
  /** Whether responders that certificates name are asked when no list answers. */
  ocsp: boolean;
  /** How long a list serves after its end when no newer one can be had. Milliseconds. */
  graceMs: number;
}

export interface RevocationOptions {
  settings: RevocationSettings;
  /** Where the last good lists are kept. */
  folder: string;
  /** False: what is kept there is read, and nothing is written. */
  keep?: boolean;
  /** Which addresses may be asked. */
  allowed: (url: URL) => boolean;
  clock: Clock;
  /** Told when the standing of a server's chain becomes known or changes. */
  onStanding?: (standing: Standing, chain: readonly X509Certificate[]) => void;
}

/** What is known of a server's chain, or of one certificate of it. */
export interface Standing {
  status: 'good' | 'revoked' | 'unknown';
  /** Subject of the certificate that decided, in one line. */
  subject: string;
  /** Place of the list or responder that said so; null when none did. */
  source: string | null;
  /** Until when it may be relied on, milliseconds since 1970. */
  until: number;
  /** Every place that gave no usable answer, with the reason. */
  complaints: { place: string; why: Complaint }[];
}

/** How often what is known is asked for again in the background. */
const REFRESH_MS = 3_600_000;
/** How soon a place that failed is asked again. */
const AGAIN_MS = 300_000;

/** Whether certificates of servers were revoked: by lists first, which serve for days, then by responders. */
export class Revocation {
  readonly #options: RevocationOptions;
  readonly #fetch: Fetch;
  readonly #lists: RevocationLists;
  readonly #known = new Map<string, Known>();

  constructor(options: RevocationOptions) {
    this.#options = options;
    this.#fetch = fetcher(options.allowed);
    this.#lists = new RevocationLists(options.folder, this.#fetch, options.keep ?? true);
  }

  get settings(): RevocationSettings {
    return this.#options.settings;
  }

  /**
   * The standing of a server by its chain, own certificate first, each followed by its issuer. Only the first question about
   * a chain waits for an answer; later ones get what is known, which is asked for again in the background.
   */
  async judge(chain: readonly X509Certificate[]): Promise<Standing> {
    const now = this.#options.clock.now();
    const known = this.#knownOf(chain);
    const { standing } = known;
    const lapsed = standing?.status === 'good' && standing.until <= now;
    const due = standing === null || lapsed || known.askAgainAt <= now;
    const asking = known.asking ?? (due ? this.#ask(known) : null);
    return standing === null || lapsed ? asking! : standing;
  }

  /** Asks again about every chain seen. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#known.values()].map((known) => known.asking ?? this.#ask(known)));
  }

  /** Asks again about those whose time has come: servers whose connections never end are looked at too. */
  lookAgain(): void {
    const now = this.#options.clock.now();
    for (const known of this.#known.values()) if (known.askAgainAt <= now && !known.asking) this.#ask(known);
  }

  /** What is known of the chains seen so far. */
  standings(): Standing[] {
    return [...this.#known.values()].flatMap(({ standing }) => standing ?? []);
  }

  #knownOf(chain: readonly X509Certificate[]): Known {
    const key = chain[0]!.fingerprint256;
    const known = this.#known.get(key) ?? { chain, standing: null, askAgainAt: 0, asking: null };
    this.#known.set(key, known);
    return known;
  }

  #ask(known: Known): Promise<Standing> {
    known.asking = this.#standingOf(known.chain)
      .catch((error: Error) => this.#defect(known.chain, error))
      .then((standing) => this.#learn(known, standing));
    return known.asking;
  }

  #defect([own]: readonly X509Certificate[], { message }: Error): Standing {
    return unknown(own!, [{ place: 'viaduc', why: message }], this.#options.clock.now());
  }

  #learn(known: Known, standing: Standing): Standing {
    const told = known.standing;
    const wait = standing.complaints.length > 0 ? AGAIN_MS : REFRESH_MS;
    Object.assign(known, { standing, askAgainAt: this.#options.clock.now() + wait, asking: null });
    const same = told?.status === standing.status && sameComplaints(told, standing);
    if (!same) this.#options.onStanding?.(standing, known.chain);
    return standing;
  }

  /** The worst of all certificates below the root. */
  async #standingOf(chain: readonly X509Certificate[]): Promise<Standing> {
    const pairs = chain.slice(0, -1).map((certificate, index) => [certificate, chain[index + 1]!] as const);
    const all = await Promise.all(pairs.map(([certificate, authority]) => this.#one(certificate, authority)));
    const complaints = all.flatMap((one) => one.complaints);
    const worst = (['revoked', 'unknown', 'good'] as const)
      .map((status) => all.find((one) => one.status === status))
      .find((one) => one !== undefined);
    if (!worst) return unknown(chain[0]!, [], this.#options.clock.now());
    return { ...worst, complaints, until: Math.min(...all.map(({ until }) => until)) };
  }

  async #one(certificate: X509Certificate, authority: X509Certificate): Promise<Standing> {
    const facts = revocationFacts(certificate);
    const byList = await this.#byLists(certificate, facts, authority);
    if (byList.status !== 'unknown' || !this.settings.ocsp) return byList;
    const byResponder = await this.#byResponders(certificate, facts, authority);
    return { ...byResponder, complaints: [...byList.complaints, ...byResponder.complaints] };
  }

  async #byLists(
    certificate: X509Certificate,
    facts: RevocationFacts,
    authority: X509Certificate,
  ): Promise<Standing> {
    const now = this.#options.clock.now();
    const complaints: Standing['complaints'] = [];
    for (const place of new Set([...this.settings.lists, ...facts.lists])) {
      const found = await this.#lists.read(place, { facts, authority }, now);
      if (found?.complaint) complaints.push({ place, why: found.complaint });
      if (!found?.list) continue;
      const { list } = found;
      const until = list.nextUpdate + this.settings.graceMs;
      const revoked = list.revokedAt(facts.serial) !== null;
      // A list that has ended still tells what was revoked: that is never taken back.
      const source = place;
      const subject = lineOf(certificate);
      if (revoked)
        return { status: 'revoked', subject, source, until: Math.max(until, now + AGAIN_MS), complaints };
      if (until <= now)
        complaints.push({ place, why: `it ended on ${new Date(list.nextUpdate).toISOString()}` });
      else return { status: 'good', subject, source, until, complaints };
    }
    return unknown(certificate, complaints, now);
  }

  async #byResponders(
    certificate: X509Certificate,
    { responders }: RevocationFacts,
    authority: X509Certificate,
  ): Promise<Standing> {
    const now = this.#options.clock.now();
    const complaints: Standing['complaints'] = [];
    for (const place of responders) {
      try {
        const { status, until } = await askOcsp(place, certificate, authority, this.#fetch, now);
        if (status !== 'unknown')
          return { status, until, source: place, subject: lineOf(certificate), complaints };
        complaints.push({ place, why: 'it does not know the certificate' });
      } catch (error) {
        if (!isViaducError(error)) throw error;
        complaints.push({ place, why: error.words });
      }
    }
    return unknown(certificate, complaints, now);
  }
}

interface Known {
  chain: readonly X509Certificate[];
  standing: Standing | null;
  askAgainAt: number;
  asking: Promise<Standing> | null;
}

function unknown(certificate: X509Certificate, complaints: Standing['complaints'], nowMs: number): Standing {
  return {
    status: 'unknown',
    subject: lineOf(certificate),
    source: null,
    until: nowMs + AGAIN_MS,
    complaints,
  };
}

function lineOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}

function sameComplaints(one: Standing, other: Standing): boolean {
  return JSON.stringify(one.complaints) === JSON.stringify(other.complaints);
}
