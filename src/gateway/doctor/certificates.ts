import { X509Certificate } from 'node:crypto';
import { expiryAlarm } from '../../delivery/dmp/credentials/judge.ts';
import type { Keyring } from '../../delivery/dmp/credentials/keyring.ts';
import { doorCertificates } from '../certificate-ends.ts';
import type { Config } from '../config.ts';
import { isCovered } from '../dmp-config.ts';
import { found, type Line, named, ok } from './line.ts';
import { lookAtChains } from './own-chains.ts';

/** Certificates of every structure: usage, key, structure, dates, chain. */
export function lookAtCertificates({ establishments }: Config, keyring: Keyring, nowMs: number): Line[] {
  const missing = establishments.filter((one) => !isCovered(one, (finess) => keyring.of(finess) !== null));
  const problems = keyring.problems().map(({ code, values }) => named('certificates', 'error', code, values));
  const ends = keyring.expiries(nowMs);
  return [
    ...missing.map(({ id, finessEj }) =>
      found('certificates', 'error', 'doctor.no-credentials', { establishment: id, finess: finessEj }),
    ),
    ...problems,
    ...ends
      .filter(({ values }) => Date.parse(String(values.date)) > nowMs)
      .map(({ code, values }) => named('certificates', 'warning', code, values)),
    ...lookAtChains(keyring.followed()),
    ...keyring.structures.flatMap((finess) => (isSound(finess, keyring) ? good(finess, keyring) : [])),
  ];
}

/** Certificates of the doors and of notices. */
export function lookAtDoors(config: Config, nowMs: number): Line[] {
  return doorCertificates(config).map(({ name, chain }) => {
    const [first] = chain.toSorted((one, other) => one.validToDate.getTime() - other.validToDate.getTime());
    const [end, date] = [first!.validToDate.getTime(), first!.validToDate.toISOString().slice(0, 10)];
    if (end <= nowMs) return found('certificates', 'error', 'doctor.door-ended', { name, date });
    if (expiryAlarm(first!.toString(), nowMs) !== null)
      return found('certificates', 'warning', 'doctor.door-ends', { name, date });
    return ok('certificates', `${name} : valable jusqu'au ${date}`, `${name}: valid until ${date}`);
  });
}

/** Whether nothing is to be said against both certificates of a structure, up to an anchor. */
function isSound(finess: string, keyring: Keyring): boolean {
  const own = keyring.followed().filter((one) => one.finess === finess);
  return keyring.problems(finess).length === 0 && lookAtChains(own).length === 0;
}

function good(finess: string, keyring: Keyring): Line {
  const { client, seal } = keyring.of(finess)!;
  const day = (pem: string | Buffer) => new X509Certificate(pem).validToDate.toISOString().slice(0, 10);
  const [auth, sign] = [day(client.certificate), day(seal.chain[0]!.der)];
  return ok(
    'certificates',
    `structure ${finess} : authentification jusqu'au ${auth}, cachet jusqu'au ${sign} ; clés, usages, structure et chaînes concordent`,
    `structure ${finess}: authentication until ${auth}, seal until ${sign}; keys, usages, structure and chains agree`,
  );
}
