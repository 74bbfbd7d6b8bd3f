import type { ChainEnd } from '../../delivery/dmp/credentials/chain.ts';
import type { FollowedCertificate } from '../../delivery/dmp/credentials/keyring.ts';
import type { Revocation } from '../../delivery/dmp/revocation/revocation.ts';
import { whyUnknown } from '../../delivery/dmp/server-gate.ts';
import { found, type Line, ok } from './line.ts';

/** What no chain is refused for, and somebody should know all the same. */
const WARNINGS: Readonly<Partial<Record<ChainEnd, 'doctor.chain-incomplete' | 'doctor.chain-unanchored'>>> = {
  open: 'doctor.chain-incomplete',
  stranger: 'doctor.chain-unanchored',
};

/** Whether what we show leads to an authority that is trusted, and whether both certificates bear one name. */
export function lookAtChains(followed: readonly FollowedCertificate[]): Line[] {
  const chains = followed.flatMap(({ finess, use, chain, end }) => {
    const code = WARNINGS[end];
    const subject = inOneLine(chain.at(-1)!.subject);
    return code ? [found('certificates', 'warning', code, { finess, use, subject })] : [];
  });
  return [...chains, ...differingNames(followed)];
}

function differingNames(followed: readonly FollowedCertificate[]): Line[] {
  const nameOf = (finess: string, wanted: string) =>
    inOneLine(followed.find((one) => one.finess === finess && one.use === wanted)!.chain[0]!.subject);
  return [...new Set(followed.map(({ finess }) => finess))].flatMap((finess) => {
    const [client, seal] = [nameOf(finess, 'client'), nameOf(finess, 'seal')];
    if (client === seal) return [];
    return [found('certificates', 'warning', 'doctor.names-differ', { finess, client, seal })];
  });
}

/** Whether our own certificates were revoked: the DMP asks that too. Those whose authority is not at hand cannot be asked about. */
export async function lookAtRevocation(
  followed: readonly FollowedCertificate[],
  revocation: Revocation | null,
): Promise<Line[]> {
  if (!revocation) return [];
  const askable = followed.filter(({ chain }) => chain.length > 1);
  return Promise.all(askable.map((one) => revocationOf(one, revocation)));
}

async function revocationOf(
  { finess, use, chain }: FollowedCertificate,
  revocation: Revocation,
): Promise<Line> {
  const standing = await revocation.judge(chain);
  const { status, subject, source, until } = standing;
  const about = { finess, use, subject };
  if (status === 'revoked')
    return found('certificates', 'error', 'doctor.own-revoked', { ...about, source: source! });
  if (status === 'unknown')
    return found('certificates', 'warning', 'doctor.own-revocation-unknown', {
      ...about,
      why: whyUnknown(standing),
    });
  const date = new Date(until).toISOString().slice(0, 16);
  return ok(
    'certificates',
    `structure ${finess}, certificat ${use} : non révoqué, selon ${source}, valable jusqu'au ${date}`,
    `structure ${finess}, ${use} certificate: not revoked, says ${source}, which counts until ${date}`,
  );
}

function inOneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}
