import type { Keyring } from '../../delivery/dmp/credentials/keyring.ts';
import { askDmpStatus } from '../../delivery/dmp/td0-2.ts';
import { vihfContent } from '../../delivery/dmp/vihf/content.ts';
import { securityHeader } from '../../delivery/dmp/vihf/vihf.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { Config } from '../config.ts';
import type { DmpAccesses } from '../dmp-access.ts';
import { found, type Line, ok } from './line.ts';

export interface TestPatient {
  value: string;
  authority: string;
}

const RECORD = {
  open: { fr: 'ouvert', en: 'open' },
  closed: { fr: 'fermé', en: 'closed' },
  absent: { fr: 'inexistant', en: 'absent' },
} as const;

interface Question {
  config: Config;
  accesses: DmpAccesses;
  keyring: Keyring;
  patient: TestPatient | null;
  nowMs: number;
}

/**
 * Calls TD0.2 for every structure in whose name documents leave, by its own credentials or those of its legal entity: the whole
 * chain of certificate, VIHF, rights, and the link of site and legal entity; writing nothing.
 */
export async function lookAtDmp(question: Question): Promise<Line[]> {
  const { config, keyring, patient } = question;
  if (!patient) return [found('dmp', 'warning', 'doctor.status-not-asked')];
  const structures = config.establishments.flatMap((one) => {
    const all = [one.finessEj, ...one.sites.map(({ finessEg }) => finessEg)];
    const covered = keyring.of(one.finessEj) !== null;
    const asked = all.filter((finess) => covered || keyring.of(finess) !== null);
    return (asked.length > 0 ? asked : [one.finessEj]).map((finess) => [one, finess] as const);
  });
  return Promise.all(structures.map(([one, finess]) => ask({ ...question, patient }, one, finess)));
}

async function ask(
  { config, accesses, patient, nowMs }: Question & { patient: TestPatient },
  { id, sector }: Establishment,
  finess: string,
): Promise<Line> {
  const { oidRoot, environment, product } = config;
  const structure = `1${finess}`;
  const { connection, seal, vihf, product: homologated } = accesses.of(id, structure);
  const caller = { structure, sector, requester: null, secretConnection: false, nowMs };
  const content = vihfContent({ ...caller, patient: { ...patient, type: 'NH' } }, homologated, oidRoot);
  const security = seal && (await securityHeader(content, seal, vihf, nowMs));
  const about = { patient, installation: oidRoot, software: product.name, nowMs, security };
  const processing = environment === 'production' ? 'P' : 'D';
  const status = await askDmpStatus(connection, { ...about, processing });
  if (status.kind === 'failed') {
    const { code, detail } = status.outcome;
    return found('dmp', 'error', 'doctor.status-failed', { finess, code, detail });
  }
  const { fr, en } = RECORD[status.dmp];
  return ok(
    'dmp',
    `TD0.2 pour ${finess} : réponse reçue, DMP ${fr}`,
    `TD0.2 for ${finess}: answered, DMP ${en}`,
  );
}
