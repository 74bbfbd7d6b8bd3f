import MimeNode from 'nodemailer/lib/mime-node';

/** A mailbox as a header shows it. */
export interface Named {
  name: string;
  address: string;
}

export type HeaderValue = string | Date | Named;

/** One part of a mail: a text, a file, or a part that goes in as it is (`message/…`). */
export interface Part {
  type: string;
  content: string | Buffer;
  fileName?: string;
  encoding?: 'quoted-printable' | 'base64' | '7bit' | '8bit';
}

export interface Mail {
  /** Makes the boundaries: the same id gives the same bytes. */
  id: string;
  type: `multipart/${string}`;
  headers: readonly (readonly [name: string, value: HeaderValue | null])[];
  parts: readonly Part[];
}

/** Names whose published writing the library would change; others compare them without regard to case, some people do not. */
const PUBLISHED = ['X-MSS-CODECDA', 'X-MSS-INS', 'X-MSS-NIL', 'X-MSS-MES'];
const WRITING = new Map(PUBLISHED.map((name) => [name.toLowerCase(), name]));

/** The bytes of a mail (RFC 5322, 2045, 2231); headers of value null are left out. */
export function writeMail({ id, type, headers, parts }: Mail): Promise<Buffer> {
  const root = node(type, { baseBoundary: id, boundaryPrefix: 'viaduc' });
  for (const [name, value] of headers) if (value !== null) root.addHeader(name, value);
  for (const part of parts) root.appendChild(partNode(part));
  return root.build();
}

function partNode({ type, content, fileName, encoding }: Part): MimeNode {
  const part = node(type, fileName === undefined ? {} : { filename: fileName });
  if (encoding) part.setHeader('Content-Transfer-Encoding', encoding);
  return part.setContent(content);
}

function node(type: string, options: ConstructorParameters<typeof MimeNode>[1]): MimeNode {
  const normalizeHeaderKey = (key: string) => WRITING.get(key.toLowerCase()) ?? key;
  return new MimeNode(type, {
    ...options,
    normalizeHeaderKey,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
