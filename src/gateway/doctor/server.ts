import type { X509Certificate } from 'node:crypto';
import { expiryAlarm } from '../../delivery/dmp/credentials/judge.ts';
import type { Revocation, Standing } from '../../delivery/dmp/revocation/revocation.ts';
import { refusalBy, standingNotice } from '../../delivery/dmp/server-gate.ts';
import { systemClock } from '../../words/clock.ts';
import { found, type Line, named, ok, type Topic } from './line.ts';

/** The certificate of the server and those above it: their ends, and whether they were revoked. */
export async function lookAtServer(
  chain: readonly X509Certificate[],
  revocation: Revocation | null,
): Promise<Line[]> {
  if (chain.length === 0) return [];
  return [endOf('network', chain), await revocationOf(chain, revocation)];
}

/** When the first of the certificates that a server showed ends. */
export function endOf(topic: Topic, chain: readonly X509Certificate[]): Line {
  const [first] = chain.toSorted((one, other) => one.validToDate.getTime() - other.validToDate.getTime());
  const date = first!.validToDate.toISOString().slice(0, 10);
  const subject = first!.subject.replaceAll('\n', ', ');
  if (expiryAlarm(first!.toString(), systemClock.now()) !== null)
    return found(topic, 'warning', 'doctor.server-ends', { subject, date });
  return ok(
    topic,
    `certificat du serveur et ses autorités valables jusqu'au ${date}`,
    `certificate of the server and its authorities valid until ${date}`,
  );
}

async function revocationOf(chain: readonly X509Certificate[], revocation: Revocation | null): Promise<Line> {
  if (!revocation) return NOT_ASKED;
  const standing = await revocation.judge(chain);
  const notice = standingNotice(standing);
  if (!notice) return known(standing);
  const refused = refusalBy(standing, revocation.settings.mode) !== null;
  return named('network', refused ? 'error' : 'warning', notice.code, notice.values);
}

const NOT_ASKED = ok(
  'network',
  'révocation du serveur : non demandée (dmp.revocation.mode off)',
  'revocation of the server: not asked (dmp.revocation.mode off)',
);

function known({ source, until }: Standing): Line {
  const date = new Date(until).toISOString().slice(0, 16);
  return ok(
    'network',
    `révocation du serveur : aucune, selon ${source}, valable jusqu'au ${date}`,
    `revocation of the server: none, says ${source}, which counts until ${date}`,
  );
}
