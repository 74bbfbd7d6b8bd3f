import type { Address, Email } from 'postal-mime';
import { readMail } from '../mail.ts';
import { imapString } from './lines.ts';

/** ENVELOPE of a mail (RFC 3501, 7.4.2), its strings as they stand in the headers. */
export async function envelopeOf(raw: Buffer): Promise<string> {
  const mail = await readMail(raw);
  const header = (name: string) => imapString(mail?.headers(name)[0] ?? null);
  const email: Partial<Email> = mail?.email ?? {};
  const from = listOf(email.from);
  const parts = [
    header('date'),
    header('subject'),
    from,
    email.sender ? listOf(email.sender) : from,
    email.replyTo ? listOf(email.replyTo) : from,
    listOf(email.to),
    listOf(email.cc),
    listOf(email.bcc),
    header('in-reply-to'),
    header('message-id'),
  ];
  return `(${parts.join(' ')})`;
}

function listOf(addresses: Address | Address[] | undefined): string {
  const all = [addresses ?? []]
    .flat()
    .flatMap((one) => one.group ?? [one as { name: string; address: string }]);
  return all.length === 0 ? 'NIL' : `(${all.map(addressOf).join('')})`;
}

function addressOf({ name, address }: { name: string; address?: string }): string {
  const at = (address ?? '').lastIndexOf('@');
  const [local, domain] = at < 0 ? [address ?? '', ''] : [address!.slice(0, at), address!.slice(at + 1)];
  return `(${imapString(name || null)} NIL ${imapString(local)} ${imapString(domain)})`;
}
