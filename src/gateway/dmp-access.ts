import { readFileSync } from 'node:fs';
import { type DmpConnection, openDmpConnection } from '../delivery/dmp/connection.ts';
import { judgeCredential } from '../delivery/dmp/credentials/judge.ts';
import { type Credential, readCredential } from '../delivery/dmp/credentials/read.ts';
import { sealOf } from '../delivery/dmp/credentials/seal.ts';
import { raise } from '../delivery/dmp/errors.ts';
import type { DmpAccess } from '../delivery/dmp/port.ts';
import { authorityFiles, structureFiles } from '../sandbox/certificates/folder.ts';
import type { Config } from './config.ts';
import type { StructureCredentials } from './dmp-config.ts';
import { gatewayError } from './errors.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** How every structure reaches the DMP: each authenticates and signs with its own certificates. */
export interface DmpAccesses {
  /** Of a structure (Struct_IdNat) of an establishment: its own credentials, else those of its legal entity. */
  of(establishment: string, structure: string): DmpAccess;
  close(): Promise<void>;
}

/** Number of homologation that the sandbox knows; no real product bears it. */
const SANDBOX_HOMOLOGATION = 'VIADUC-SANDBOX';

/**
 * Reads the credentials and opens a connection for each; none is made before the first request. What is wrong with a
 * credential refuses the start in production; elsewhere it is told.
 * @throws ViaducError `config.malformed` without an address of the DMP, `delivery.credential-…`
 */
export function openDmpAccesses(
  config: Config,
  sandbox: SandboxProcess | null,
  onProblem: (code: string, values: object) => void,
): DmpAccesses {
  const { dmp, establishments, environment } = config;
  const baseUrl = sandbox?.dmp ?? dmp.url;
  if (baseUrl === null)
    throw gatewayError('config.malformed', { file: 'viaduc.yaml', what: 'dmp.url is missing' });
  const made = environment === 'sandbox' ? madeCredentials(config) : null;
  const anchors = made?.anchors ?? (dmp.anchors === null ? null : readFileSync(dmp.anchors, 'utf8'));
  const shared = {
    vihf: dmp.vihf,
    signatureDigest: dmp.signatureDigest,
    product: { ...config.product, homologation: homologationOf(config) },
  };
  const open = (tls: { cert: string; key: string } | null): DmpConnection =>
    openDmpConnection({
      ...{ baseUrl, timeoutMs: dmp.timeoutMs, connections: dmp.concurrency },
      tls: { ...(anchors === null ? {} : { ca: anchors }), ...tls },
    });
  const bare: DmpAccess = { ...shared, connection: open(null), seal: null };
  const accesses = new Map<string, DmpAccess>();
  for (const { finess, client, seal } of made?.credentials ?? dmp.credentials) {
    const [authenticating, sealing] = [readCredential(client), readCredential(seal)];
    const problems = [
      ...judgeCredential(authenticating, 'client', finess, Date.now()),
      ...judgeCredential(sealing, 'seal', finess, Date.now()),
    ];
    for (const { code, values } of problems) {
      if (environment === 'production') throw raise(code, values);
      onProblem(code, values);
    }
    accesses.set(finess, {
      ...{ ...shared, connection: open(tlsOf(authenticating)) },
      seal: sealOf(sealing, anchors ?? ''),
    });
  }
  const entities = new Map(establishments.map(({ id, finessEj }) => [id, finessEj]));
  return {
    of: (establishment, structure) =>
      accesses.get(structure.replace(/^1/, '')) ?? accesses.get(entities.get(establishment)!) ?? bare,
    async close() {
      await Promise.all([bare, ...accesses.values()].map(({ connection }) => connection.close()));
    },
  };
}

function tlsOf({ chain, key }: Credential): { cert: string; key: string } {
  return { cert: chain, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function homologationOf({ product: { homologation } }: Config): string {
  return homologation === null ? SANDBOX_HOMOLOGATION : readFileSync(homologation, 'utf8').trim();
}

/** The certificates that a sandbox made for itself. */
function madeCredentials({ sandbox: { certificates }, establishments }: Config): {
  anchors: string;
  credentials: StructureCredentials[];
} {
  return {
    anchors: readFileSync(authorityFiles(certificates).root.certificate, 'utf8'),
    credentials: establishments.map(({ finessEj }) => {
      const { client, seal } = structureFiles(certificates, finessEj);
      return {
        finess: finessEj,
        client: { ...client, passphraseFile: null },
        seal: { ...seal, passphraseFile: null },
      };
    }),
  };
}
