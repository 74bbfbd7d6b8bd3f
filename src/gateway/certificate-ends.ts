import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expiryAlarm } from '../delivery/dmp/credentials/judge.ts';
import { pemBlocks } from '../delivery/dmp/credentials/read.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents, Severity } from '../words/incident.ts';
import type { Config } from './config.ts';
import type { MailboxConfig } from './mssante-config.ts';

/** A certificate by its configured name, with those above it: the first of them to end ends its use. */
export interface Watched {
  /** Such as `dmp client 0B0000011` or `http`. */
  name: string;
  establishment: string | null;
  chain: readonly X509Certificate[];
  /** It is not ours to renew. */
  foreign?: boolean;
}

/** How often ends are looked at. */
const LOOK_EVERY_MS = 60_000;

/** From now on an alarm is raised at 60, 30, 14, 7 and 1 days before the end of each certificate, and ends when it is renewed. */
export function watchEnds(watched: () => readonly Watched[], clock: Clock, incidents: Incidents): () => void {
  let cancel = () => {};
  const look = () => {
    for (const one of watched()) raiseEnd(one, clock.now(), incidents);
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  return () => cancel();
}

/** @param nowMs milliseconds since 1970 */
export function raiseEnd(
  { name, establishment, chain, foreign }: Watched,
  nowMs: number,
  to: Incidents,
): void {
  const incident = { kind: 'certificate-expiry', subject: name, establishment } as const;
  const [first] = chain.toSorted((one, other) => one.validToDate.getTime() - other.validToDate.getTime());
  if (!first) return;
  const step = expiryAlarm(first.toString(), nowMs);
  if (step === null) {
    to.close(incident);
    return;
  }
  const days = Math.max(0, Math.ceil((first.validToDate.getTime() - nowMs) / 86_400_000));
  to.open({
    ...incident,
    ...{
      severity: severityAt(step, foreign ?? false),
      role: 'it',
      step: days === 0 ? 'ended' : String(step),
    },
    code: days === 0 ? 'gateway.certificate-ended' : 'gateway.certificate-ends',
    facts: { days, date: first.validToDate.toISOString().slice(0, 10) },
  });
}

function severityAt(days: number, foreign: boolean): Severity {
  if (foreign) return days > 7 ? 'information' : 'morning';
  if (days > 30) return 'information';
  return days > 7 ? 'morning' : 'call-now';
}

/** Name, establishment and file of a certificate that is watched. */
type Named = [name: string, establishment: string | null, file: string | null];

/**
 * The certificates that the doors, the notices and the mailboxes use, as their files are now; one that cannot be read is left
 * to its door.
 */
export function doorCertificates({ http, mllp, senders, mssante }: Config): Watched[] {
  const files: Named[] = [
    ['http', null, http.tls?.certificate ?? null],
    ['mllp', null, mllp.tls?.certificate ?? null],
    ...senders.map(
      ({ id, establishment, notices }): Named => [
        `notices ${id}`,
        establishment,
        notices?.tls?.certificate ?? null,
      ],
    ),
    ...(mssante?.mailboxes ?? []).flatMap(mailCertificates),
  ];
  return files.flatMap(([name, establishment, file]) => {
    const chain = file ? chainIn(file) : [];
    return chain.length > 0 ? [{ name, establishment, chain }] : [];
  });
}

/** One file that serves both ways is told of once. */
function mailCertificates({ id, establishment, smtp, imap }: MailboxConfig): Named[] {
  const name = `mssante ${establishment}.${id}`;
  const reading = imap?.certificate ?? null;
  return [
    [name, establishment, smtp.certificate],
    [`${name} imap`, establishment, reading === smtp.certificate ? null : reading],
  ];
}

function chainIn(file: string): X509Certificate[] {
  try {
    return pemBlocks(readFileSync(file, 'utf8')).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}
