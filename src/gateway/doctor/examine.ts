import { systemClock } from '../../words/clock.ts';
import { type Config, readText } from '../config.ts';
import { areMade, openDmpAccesses, openKeyring, openRevocation } from '../dmp-access.ts';
import { lookAtCertificates, lookAtDoors } from './certificates.ts';
import { lookAtClock } from './clock.ts';
import { lookAtDmp, type TestPatient } from './dmp-status.ts';
import { found, type Line, looking, ok } from './line.ts';
import { lookAtPacks, lookAtPorts, lookAtStorage } from './machine.ts';
import { lookAtDirectory, lookAtWhiteList } from './mail-domains.ts';
import { lookAtMailbox } from './mailbox.ts';
import { lookAtNetwork } from './network.ts';
import { lookAtRevocation } from './own-chains.ts';
import { lookAtValueSets } from './value-sets.ts';

export interface Examination {
  config: Config;
  /** Address of the DMP: of the configuration, or of the sandbox that runs. */
  dmp: string | null;
  patient: TestPatient | null;
}

/** Looks at everything, whatever was found before; only what needs something that failed is left out. */
export async function examine({ config, dmp, patient }: Examination): Promise<Line[]> {
  const nowMs = systemClock.now();
  const { environment, establishments } = config;
  const summary = ok(
    'configuration',
    `environnement ${environment}, ${establishments.length} établissement(s)`,
    `environment ${environment}, ${establishments.length} establishment(s)`,
  );
  return [
    summary,
    ...(await looking('configuration', () => [homologated(config)])),
    ...(await looking('certificates', () => national(config, dmp, patient, nowMs))),
    ...(await looking('certificates', () => lookAtDoors(config, nowMs))),
    ...(await lookAtMail(config)),
    ...(await looking('clock', () => lookAtClock(config, systemClock))),
    ...(await looking('packs', () => lookAtPacks(config, nowMs))),
    ...(await looking('metadata', () => lookAtValueSets(config, nowMs))),
    ...(await looking('storage', () => lookAtStorage(config))),
    ...(await looking('ports', () => lookAtPorts(config))),
  ];
}

/** What the DMP hears of us in every VIHF. @throws ViaducError `config.unreadable` */
function homologated({ product: { name, version, homologation } }: Config): Line {
  const number = homologation === null ? null : readText(homologation).trim();
  if (number === '')
    return found('configuration', 'error', 'doctor.no-homologation', { file: homologation! });
  const [fr, en] = number
    ? [`numéro d'homologation lu de ${homologation}`, `number of homologation read from ${homologation}`]
    : [
        "sans numéro d'homologation, hors production seulement",
        'without a number of homologation, outside production only',
      ];
  return ok('configuration', `produit ${name} ${version}, ${fr}`, `product ${name} ${version}, ${en}`);
}

/** Certificates, then the way to the DMP with them, then a question to it. */
async function national(
  config: Config,
  dmp: string | null,
  patient: TestPatient | null,
  nowMs: number,
): Promise<Line[]> {
  const unreadable = await eachReadable(config, nowMs);
  if (unreadable.length > 0) return unreadable;
  const { anchors, keyring } = openKeyring(config, nowMs);
  const toBeMade = config.environment === 'sandbox' && !areMade(config.sandbox.certificates);
  const lines = toBeMade ? [TO_BE_MADE] : lookAtCertificates(config, keyring, nowMs);
  const revocation = openRevocation(config, systemClock, { keep: false });
  const known = await looking('certificates', () => lookAtRevocation(keyring.followed(), revocation));
  lines.push(...known);
  if (dmp === null) return [...lines, found('network', 'error', 'doctor.dmp-address-missing')];
  const pairs = new Map(keyring.structures.map((finess) => [finess, keyring.of(finess)!]));
  const network = await lookAtNetwork({ url: new URL(dmp), anchors, pairs, revocation });
  lines.push(...network);
  // One structure that is refused does not keep the others from asking.
  const failed = network.filter(({ level, code }) => level === 'error' && code !== 'doctor.clock-skew');
  if (failed.length > 0 && failed.length >= pairs.size) return lines;
  const configured = { ...config, dmp: { ...config.dmp, url: dmp } };
  const asked = await looking('dmp', async () => {
    const accesses = openDmpAccesses(configured, null, systemClock, () => {});
    try {
      return await lookAtDmp({ config, accesses, keyring, patient, nowMs });
    } finally {
      await accesses.close();
    }
  });
  return [...lines, ...asked];
}

/** The anchors and every pair of certificates by itself: all that cannot be read is said at once. */
async function eachReadable(config: Config, nowMs: number): Promise<Line[]> {
  const { anchors, credentials } = config.dmp;
  const alone = [
    { anchors, credentials: [] },
    ...credentials.map((one) => ({ anchors: null, credentials: [one] })),
  ];
  const lines = await Promise.all(
    alone.map((part) =>
      looking('certificates', () => {
        openKeyring({ ...config, dmp: { ...config.dmp, ...part } }, nowMs);
        return [];
      }),
    ),
  );
  const seen = new Set<string>();
  return lines.flat().filter(({ message }) => !seen.has(message.en) && seen.add(message.en));
}

/** Every mailbox, and what tells who may be written to. */
async function lookAtMail({ mssante, data }: Config): Promise<Line[]> {
  if (!mssante) return [];
  const mailboxes = mssante.mailboxes.map((one) => looking('mssante', () => lookAtMailbox(one, systemClock)));
  return [
    ...(await Promise.all(mailboxes)).flat(),
    ...(await looking('mssante', () => lookAtWhiteList(mssante, data, systemClock))),
    ...(await looking('mssante', () => lookAtDirectory(mssante, systemClock))),
  ];
}

const TO_BE_MADE = ok(
  'certificates',
  'le bac à sable fera ses certificats au premier démarrage',
  'the sandbox will make its certificates at the first start',
);
