import type { SmtpResult, Submission } from './wire/smtp.ts';

/** A mailbox from which mails leave, opened with its access. */
export interface Mailbox {
  id: string;
  address: string;
  displayName: string;
  /** Of the sender, for the files of an archive that a person opens. */
  contact: { phone: string | null; address: string | null };
  /** Largest mail by contract, bytes; null when none is known. */
  sizeLimit: number | null;
  /** Hands one mail over to the operator. Never throws for what a server or a network does. */
  submit(mail: Submission, signal: AbortSignal): Promise<SmtpResult>;
}
