import type { Ledger } from '../ledger/ledger.ts';
import { mailedDocuments } from '../ledger/mailed-documents.ts';
import type { LedgerView } from '../ledger/view.ts';
import type { Establishment } from '../words/establishment.ts';
import type { IndicatorFacts } from './facts.ts';
import { PreparedFacts } from './prepare.ts';

/**
 * The facts of an establishment as its ledger holds them, made ready to be counted. Kept for as long as the chain does
 * not grow: a figure is always that of the ledger as it stands.
 */
export class LedgerFacts {
  readonly #ledger: Ledger;
  readonly #kept = new Map<string, { seq: number; facts: Promise<PreparedFacts> }>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async of(establishment: Establishment): Promise<PreparedFacts> {
    const seq = await this.#ledger.of(establishment.id).lastSeq();
    const kept = this.#kept.get(establishment.id);
    if (kept?.seq === seq) return kept.facts;
    const facts = this.#read(establishment);
    this.#kept.set(establishment.id, { seq, facts });
    return facts;
  }

  async #read({ id, zone }: Establishment): Promise<PreparedFacts> {
    const view = this.#ledger.of(id);
    return new PreparedFacts(await factsOf(view), this.#ledger.environment, zone);
  }
}

/** All that a ledger knows of what figures are made of. */
export async function factsOf(view: LedgerView): Promise<IndicatorFacts> {
  const [stays, exams, documents, mails, people] = await Promise.all([
    view.stays(),
    view.exams(),
    view.deliveredDocuments(),
    mailedDocuments(view),
    view.people(),
  ]);
  return { stays, exams, documents, mails, people };
}
