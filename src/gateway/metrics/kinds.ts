import type { Ledger, NewEvent } from '../../ledger/ledger.ts';
import type { DestinationKind } from '../../words/delivery.ts';
import { gatewayLimits } from '../limits.ts';

/**
 * To what kind of destination a delivery goes, remembered from its acceptance; of one that was accepted before this start, or
 * long ago, the ledger says it.
 */
export class DeliveryKinds {
  readonly #known = new Map<string, DestinationKind>();
  #ledger: Pick<Ledger, 'of'> | null = null;

  /** From now on what is not remembered is read. */
  readFrom(ledger: Pick<Ledger, 'of'>): void {
    this.#ledger = ledger;
  }

  learn({ data: { deliveries } }: Extract<NewEvent, { type: 'submission.accepted' }>): void {
    for (const { id, destination } of deliveries) this.#known.set(id, destination.kind);
    const most = gatewayLimits.rememberedDeliveries.value;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) return;
      this.#known.delete(oldest);
    }
  }

  /** Tells at once, or when it was read; `unknown` when it cannot be read. */
  tell(establishment: string, delivery: string, told: (kind: DestinationKind | 'unknown') => void): void {
    const known = this.#known.get(delivery);
    if (known) told(known);
    else
      void this.#read(establishment, delivery).then(told, () => {
        told('unknown');
      });
  }

  async #read(establishment: string, delivery: string): Promise<DestinationKind | 'unknown'> {
    const row = await this.#ledger?.of(establishment).delivery(delivery);
    return row?.destination.kind ?? 'unknown';
  }
}
