import { limits } from '../../words/limits.ts';

export const mailSandboxLimits = limits({
  mailBytes: {
    value: 26_214_400,
    unit: 'bytes',
    why: 'what the simulated operator announces by SIZE: 25 MiB, as operators do',
  },
  patientMailBytes: {
    value: 25_000_000,
    unit: 'bytes',
    why: 'Mon espace santé takes 25 MB in all (sheet mssante-xdm, 5.6)',
  },
  archiveEntries: { value: 200, unit: 'entries', why: 'an archive holds a few documents; more is an attack' },
  entryBytes: {
    value: 50 * 1024 * 1024,
    unit: 'bytes',
    why: 'inflated size of one entry; the greatest document of the gateway is 50 MB',
  },
  archiveBytes: { value: 150 * 1024 * 1024, unit: 'bytes', why: 'inflated size of a whole archive' },
  mimeDepth: {
    value: 20,
    unit: 'levels',
    why: 'a forwarded report of a mail has six; deeper is made to hurt',
  },
  headerBytes: { value: 256 * 1024, unit: 'bytes', why: 'headers of all parts of a mail hold under 10 KB' },
  mailsKept: {
    value: 500,
    unit: 'mails',
    why: 'of all mailboxes together, in memory; the oldest that was read goes first',
  },
  bytesKept: { value: 256 * 1024 * 1024, unit: 'bytes', why: 'of all mailboxes together, in memory' },
  refusalsKept: { value: 200, unit: 'refusals', why: 'enough to find one’s own; the memory stays bounded' },
  faultRules: { value: 1000, unit: 'rules', why: 'each step of each mail is matched against all of them' },
  imapLineBytes: { value: 64 * 1024, unit: 'bytes', why: 'a command of IMAP with a long set of UIDs' },
  imapLiteralBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    why: 'names and passwords may come as literals; no mail does',
  },
  imapIdleMs: { value: 1_800_000, unit: 'ms', why: 'a client renews IDLE within 29 minutes (RFC 2177)' },
  connections: { value: 100, unit: 'connections', why: 'for each of both ports; a gateway needs a few' },
  controlBodyBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    why: 'a CDA of 50 MB as base64 is the greatest request to the control port',
  },
});
