import { one, page } from './pages.ts';
import * as rows from './rows.ts';
import type { Row } from './statements.ts';
import type { DeliveryRow, MailRow, Page, ReceiptRow } from './views.ts';

/** Mails that came in, what they say of ours, and which of ours is meant; of one establishment. */
export class MailView {
  readonly #all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>;

  /** @param all reads rows by a statement whose first value, the establishment, it gives itself */
  constructor(all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>) {
    this.#all = all;
  }

  /** The delivery whose mail left under an envelope identifier (ENVID, and the part of the Message-ID before the at sign). */
  async deliveryOf(envelope: string): Promise<DeliveryRow | null> {
    const sql = `SELECT d.* FROM p_envelopes e JOIN p_deliveries d ON d.establishment = e.establishment AND d.id = e.delivery
      WHERE e.establishment = ? AND e.envelope = ?`;
    return one(await this.#all(sql, envelope), rows.delivery);
  }

  /** What came back after a mail, in the order of arrival. */
  async receipts(delivery: string): Promise<ReceiptRow[]> {
    const sql = 'SELECT * FROM p_receipts WHERE establishment = ? AND delivery = ? ORDER BY seq';
    return (await this.#all(sql, delivery)).map(rows.receipt);
  }

  async receipt(id: string): Promise<ReceiptRow | null> {
    const sql = 'SELECT * FROM p_receipts WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.receipt);
  }

  async mail(id: string): Promise<MailRow | null> {
    const sql = 'SELECT * FROM p_mails WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.mail);
  }

  /** The mail of these very bytes in a mailbox, by their SHA-256. */
  async known(mailbox: string, sha256: string): Promise<MailRow | null> {
    const sql = 'SELECT * FROM p_mails WHERE establishment = ? AND mailbox = ? AND sha256 = ?';
    return one(await this.#all(sql, mailbox, sha256), rows.mail);
  }

  /** Mails of a kind, or of all, newest first. */
  async mails(filter: { kind?: string; before?: number; limit: number }): Promise<Page<MailRow>> {
    const { kind = null, before = Number.MAX_SAFE_INTEGER, limit } = filter;
    const sql = `SELECT * FROM p_mails WHERE establishment = ? AND (? IS NULL OR kind = ?) AND seq < ? ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, kind, kind, before, limit + 1), limit, rows.mail);
  }
}
