import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const missing = [
  ['unzip', '-v'],
  ['python3', '--version'],
].find(([program, version]) => spawnSync(program!, [version!]).error)?.[0];

/** Why no mail can be opened by programs of others, empty when it can. */
export const withoutReaders = missing ? ` [skipped: no ${missing}]` : '';

if (missing && process.env.CI === 'true')
  throw new Error(`mails are opened with ${missing}, which is missing`);

/** A mail of ours as programs that are not ours read it. */
export interface Mailed {
  /** Names lower case; the last of each. */
  headers: Record<string, string>;
  /** File names of its parts. */
  files: string[];
  /** Names of the archive's entries, as Python's `zipfile` lists them. */
  entries: string[];
  /** METADATA.XML of the archive. */
  metadata: string;
  /** What `unzip -t` says last. */
  tested: string;
}

const READ = `
import email, email.policy, io, json, sys, zipfile
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
archive = parts['IHE_XDM.zip']
open(sys.argv[1], 'wb').write(archive)
with zipfile.ZipFile(io.BytesIO(archive)) as opened:
    if opened.testzip() is not None: raise SystemExit('damaged: ' + opened.testzip())
    json.dump({
        'headers': {name.lower(): str(value) for name, value in mail.items()},
        'files': list(parts),
        'entries': opened.namelist(),
        'metadata': opened.read('IHE_XDM/SUBSET01/METADATA.XML').decode('utf-8'),
    }, sys.stdout)
`;

/** Opens a mail by Python's `email`, its archive by `zipfile` and `unzip -t`. @param raw as latin1 */
export function openMailed(raw: string): Mailed {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-mailed-'));
  try {
    const archive = join(folder, 'IHE_XDM.zip');
    const read = execFileSync('python3', ['-c', READ, archive], { input: Buffer.from(raw, 'latin1') });
    const tested = execFileSync('unzip', ['-t', archive], { encoding: 'utf8' }).trim().split('\n').at(-1)!;
    return { ...(JSON.parse(read.toString()) as Omit<Mailed, 'tested'>), tested };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The MDN of a correspondent who read a mail, as his software writes it (RFC 8098). */
export function mdnFor(messageId: string, from: string, to: string, disposition: string): string {
  return [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Lu',
    `Message-ID: <${crypto.randomUUID()}@${from.split('@')[1]}>`,
    `In-Reply-To: ${messageId}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary="lu"',
    '',
    '--lu',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Votre message a été lu.',
    '--lu',
    'Content-Type: message/disposition-notification',
    '',
    'Reporting-UA: cabinet; logiciel',
    `Final-Recipient: rfc822; ${from}`,
    `Original-Message-ID: ${messageId}`,
    `Disposition: ${disposition}`,
    '',
    '--lu--',
    '',
  ].join('\r\n');
}
