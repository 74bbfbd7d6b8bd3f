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

/** Calls TD0.2 for every establishment: the whole chain of certificate, VIHF and rights, without writing anything. */
export async function lookAtDmp(
  config: Config,
  accesses: DmpAccesses,
  patient: TestPatient | null,
  nowMs: number,
): Promise<Line[]> {
  if (!patient) return [found('dmp', 'warning', 'doctor.status-not-asked')];
  return Promise.all(config.establishments.map((one) => ask(config, one, accesses, patient, nowMs)));
}

async function ask(
  { oidRoot, environment, product }: Config,
  { id, finessEj, sector }: Establishment,
  accesses: DmpAccesses,
  patient: TestPatient,
  nowMs: number,
): Promise<Line> {
  const structure = `1${finessEj}`;
  const { connection, seal, vihf, product: homologated } = accesses.of(id, structure);
  const caller = { structure, sector, requester: null, secretConnection: false, nowMs };
  const content = vihfContent({ ...caller, patient: { ...patient, type: 'NH' } }, homologated, oidRoot);
  const security = seal && (await securityHeader(content, seal, vihf, nowMs));
  const about = { patient, installation: oidRoot, software: product.name, nowMs, security };
  const processing = environment === 'production' ? 'P' : 'D';
  const status = await askDmpStatus(connection, { ...about, processing });
  if (status.kind === 'failed') {
    const { code, detail } = status.outcome;
    return found('dmp', 'error', 'doctor.status-failed', { finess: finessEj, code, detail });
  }
  const { fr, en } = RECORD[status.dmp];
  return ok(
    'dmp',
    `TD0.2 pour ${finessEj} : réponse reçue, DMP ${fr}`,
    `TD0.2 for ${finessEj}: answered, DMP ${en}`,
  );
}
