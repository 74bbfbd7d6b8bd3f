import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { mailSandboxLimits } from './limits.ts';

/** A mail taken apart. */
export interface ReadMail {
  email: Email;
  /** Values of a header, as written, unfolded. */
  headers(name: string): string[];
  attachments: { name: string | null; type: string; bytes: Buffer }[];
}

/** Takes a mail apart, or gives null when it cannot be read. */
export async function readMail(raw: Buffer): Promise<ReadMail | null> {
  try {
    const email = await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      attachmentEncoding: 'arraybuffer',
      maxNestingDepth: mailSandboxLimits.mimeDepth.value,
      maxHeadersSize: mailSandboxLimits.headerBytes.value,
    });
    const headers = (name: string) =>
      email.headers.filter(({ key }) => key === name.toLowerCase()).map(({ value }) => value.trim());
    return { email, headers, attachments: email.attachments.map(plainAttachment) };
  } catch {
    return null;
  }
}

function plainAttachment({ filename, mimeType, content }: Attachment): ReadMail['attachments'][number] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array);
  return { name: filename, type: mimeType, bytes };
}

/** The addresses of a header that the library read. */
export function addressesOf(list: Email['to'] | Email['from']): string[] {
  const all = Array.isArray(list) ? list : list ? [list] : [];
  return all.flatMap((one) =>
    'group' in one && one.group ? one.group.map((each) => each.address) : [one.address ?? ''],
  );
}
