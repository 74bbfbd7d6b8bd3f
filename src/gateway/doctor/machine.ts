import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { isLocked } from '../../ledger/lock.ts';
import type { Config } from '../config.ts';
import { editionsOf, OWN_PACK, readActivations, rulesInForce } from '../packs.ts';
import { doctorLimits } from './limits.ts';
import { found, type Line, ok } from './line.ts';

/** Which rules would judge now. @throws ViaducError `packs.kept-missing`, `packs.kept-altered` */
export function lookAtPacks(config: Config, nowMs: number): Line[] {
  const rules = rulesInForce(config, readActivations(config), nowMs);
  const editions = editionsOf(rules);
  const official = rules.packs.some(({ folder }) => folder !== OWN_PACK);
  return [
    ...(official ? [] : [found('packs', 'warning', 'doctor.no-pack')]),
    ...editions.map(({ id, sha256, problems }) => {
      const pack = `${id} ${sha256.slice(0, 12)}`;
      if (problems > 0) return found('packs', 'warning', 'doctor.pack-problems', { pack, problems });
      return ok('packs', `pack ${pack} en vigueur, complet`, `pack ${pack} in force, whole`);
    }),
  ];
}

/** Data folder, key, witnesses and room on the disk. */
export function lookAtStorage({ data, keyFile, evidenceFiles, remoteWitnesses }: Config): Line[] {
  const folders = [...new Set([data, ...[keyFile, ...evidenceFiles].map((file) => dirname(file))])];
  const running = existsSync(data) && isLocked(data);
  return [
    ...folders.map(writable),
    room(data),
    running
      ? ok('storage', 'une passerelle tient le registre', 'a gateway holds the ledger')
      : ok('storage', 'le registre est libre', 'the ledger is free'),
    ...(evidenceFiles.length + remoteWitnesses.length > 0
      ? []
      : [found('storage', 'warning', 'doctor.no-witness')]),
  ];
}

function writable(folder: string): Line {
  try {
    accessSync(standing(folder), constants.W_OK);
    return ok('storage', `${folder} peut être écrit`, `${folder} can be written`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    return found('storage', 'error', 'doctor.folder-unwritable', { folder, reason });
  }
}

/** The folder, or the nearest above it that exists: the first start makes the rest. */
function standing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : standing(dirname(folder));
}

function room(folder: string): Line {
  const { bavail, bsize } = statfsSync(standing(folder));
  const bytes = bavail * bsize;
  const free = Math.floor(bytes / 1_000_000);
  const { diskWarnBytes, diskErrorBytes } = doctorLimits;
  if (bytes >= diskWarnBytes.value) return ok('storage', `${free} Mo libres`, `${free} MB free`);
  const level = bytes < diskErrorBytes.value ? 'error' : 'warning';
  return found('storage', level, 'doctor.disk-low', { free, folder });
}

/** Whether the doors could be opened; not asked while a gateway has them open. */
export async function lookAtPorts({ data, http, mllp }: Config): Promise<Line[]> {
  if (existsSync(data) && isLocked(data)) return [];
  const doors = [
    { ...http, setting: 'http.port' },
    { host: mllp.plainHost, port: mllp.port, setting: 'mllp.port' },
  ];
  return Promise.all(doors.flatMap(({ host, port, setting }) => (port ? [free(host, port, setting)] : [])));
}

function free(host: string, port: number, setting: string): Promise<Line> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      done(found('ports', 'error', 'doctor.port-taken', { host, port, setting, reason: error.code ?? '' })),
    );
    server.listen({ host, port }, () =>
      server.close(() => done(ok('ports', `${host}:${port} est libre`, `${host}:${port} is free`))),
    );
  });
}
