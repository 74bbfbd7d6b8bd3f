/**
 * What comes back after a mail, or comes in by itself:
 * - `dsn`: how it was transported (RFC 3464); `mdn`: how it was read or processed (RFC 8098)
 * - `ko`: a plain mail that says a document was not integrated; `bounce`: an answer of a mail system in no known form
 * - `document`: an archive to be handed to a consumer
 * - `quarantine`: from a domain that is not of the trust space; `patient`: a patient wrote; `human`: a person must read it
 */
export type MailKind = ReceiptKind | 'document' | 'quarantine' | 'patient' | 'human';

export const RECEIPT_KINDS = ['dsn', 'mdn', 'ko', 'bounce'] as const;

export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/** What a DSN says became of a mail (RFC 3464, section 2.3.3). */
export type DsnAction = 'delivered' | 'relayed' | 'expanded' | 'delayed' | 'failed';

/** What a receipt says of a mail of ours. No patient data, no address. */
export interface ReceiptFacts {
  kind: ReceiptKind;
  /** Of a DSN; null otherwise. */
  action: DsnAction | null;
  /** Of an MDN: its disposition type, such as `processed`; null otherwise. */
  disposition: string | null;
  /** It says that something went wrong. */
  failed: boolean;
  /** Enhanced status of a DSN (RFC 3463); null otherwise. */
  status: string | null;
  /** SMTP reply code of a DSN (table SMTPERRORCODE), application code of an MDN (900 to 906); null without one. */
  code: string | null;
  /** Words of the code. */
  label: string | null;
}
