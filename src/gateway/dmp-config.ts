import type { RetryPolicy } from '../delivery/attempt.ts';
import type { DestinationPolicy } from '../delivery/destination-state.ts';
import type { StructureCredentials } from '../delivery/dmp/credentials/keyring.ts';
import type { CredentialFiles } from '../delivery/dmp/credentials/read.ts';
import type { Digest } from '../delivery/dmp/credentials/seal.ts';
import type { PrecheckMode } from '../delivery/dmp/precheck.ts';
import type { RevocationSettings } from '../delivery/dmp/revocation/revocation.ts';
import { type AuthenticationMode, forbiddenTo } from '../delivery/dmp/rights.ts';
import { type RoleTable, roleComplaint } from '../delivery/dmp/vihf/roles.ts';
import { DEFAULT_VIHF_SETTINGS, type VihfSettings } from '../delivery/dmp/vihf/vihf.ts';
import { parseSchedule } from '../delivery/schedule.ts';
import type { Environment } from '../words/environment.ts';
import type { Establishment } from '../words/establishment.ts';
import type { ConfigFile } from './config-schema.ts';
import { gatewayError } from './errors.ts';

/** The DMP as configured; paths are absolute. */
export interface DmpConfig {
  url: string | null;
  timeoutMs: number;
  precheck: PrecheckMode;
  /** For each destination: how much leaves to it, and when it counts as down. */
  destination: DestinationPolicy;
  policy: RetryPolicy;
  /** File of the authorities that certify the server; null: those of the platform. */
  anchors: string | null;
  credentials: StructureCredentials[];
  vihf: VihfSettings;
  signatureDigest: Digest;
  revocation: RevocationSettings;
  /** Files and folders of the value sets that refuse. */
  valueSets: string[];
  mode: AuthenticationMode;
  roles: RoleTable;
}

/** Whether an establishment can be spoken for: its legal entity has credentials, or every one of its sites has. */
export function isCovered({ finessEj, sites }: Establishment, has: (finess: string) => boolean): boolean {
  return has(finessEj) || (sites.length > 0 && sites.every(({ finessEg }) => has(finessEg)));
}

interface Around {
  /** Address that the environment gives. */
  url: string | null;
  environment: Environment;
  from: (path: string) => string;
}

/** Settings of the DMP with their defaults (docs/operations.md). */
export function dmpOf({ dmp }: ConfigFile, { url, environment, from }: Around): DmpConfig {
  const quick = environment === 'sandbox';
  const { retry, outage, doubt } = dmp?.schedules ?? {};
  const probes = parseSchedule(outage ?? (quick ? '1s*3, 2s, …' : '10s, 30s, 1m, 2m, …'));
  return {
    url: url ?? dmp?.url ?? null,
    timeoutMs: (dmp?.timeoutSeconds ?? (quick ? 20 : 120)) * 1000,
    precheck: dmp?.precheck ?? 'never',
    destination: {
      concurrency: dmp?.concurrency ?? 16,
      perMinute: dmp?.perMinute ?? null,
      circuit: { failures: dmp?.failuresToOpen ?? 5, probes },
    },
    policy: {
      retry: parseSchedule(retry ?? (quick ? '1s, 2s*3, 5s*6' : '1m, 5m*2, 15m*4, 1h*12, 4h*12')),
      outage: probes,
      doubt: parseSchedule(doubt ?? (quick ? '1s, 2s*3, 5s*6' : '10s, 1m*2, 5m*6, 1h*12')),
    },
    anchors: dmp?.anchors === undefined ? null : from(dmp.anchors),
    credentials: (dmp?.credentials ?? []).map(({ finess, client, seal }) => ({
      finess,
      client: filesOf(client, from),
      seal: filesOf(seal, from),
    })),
    vihf: { ...DEFAULT_VIHF_SETTINGS, ...dmp?.vihf },
    signatureDigest: dmp?.signatureDigest ?? 'sha1',
    valueSets: (dmp?.valueSets ?? []).map(from),
    mode: dmp?.mode ?? 'INDIRECTE',
    roles: rolesOf(dmp?.roles ?? []),
    revocation: revocationOf(dmp?.revocation, quick, from),
  };
}

/**
 * What the DMP would refuse whatever is sent: a mode that forbids what a gateway does, roles out of their value set.
 * @throws ViaducError `config.dmp-mode`, `config.dmp-role`
 */
export function checkRights({ mode, roles }: DmpConfig): void {
  const forbidden = forbiddenTo(mode);
  if (forbidden.length > 0) throw gatewayError('config.dmp-mode', { mode, forbidden: forbidden.join(', ') });
  for (const [requester, given] of roles) {
    const complaint = roleComplaint(given);
    if (complaint) throw gatewayError('config.dmp-role', { requester, ...complaint });
  }
}

function rolesOf(rows: NonNullable<NonNullable<ConfigFile['dmp']>['roles']>): RoleTable {
  return new Map(
    rows.map(({ requester, roles }) => [
      requester,
      roles.map(({ code, system, label }) => ({ code, codeSystem: system, displayName: label })),
    ]),
  );
}

/** The certificates that a sandbox makes for itself name no list. */
function revocationOf(
  given: NonNullable<ConfigFile['dmp']>['revocation'],
  sandbox: boolean,
  from: (path: string) => string,
): RevocationSettings {
  return {
    mode: given?.mode ?? (sandbox ? 'off' : 'soft'),
    lists: (given?.lists ?? []).map((place) => (URL.canParse(place) ? place : from(place))),
    ocsp: given?.ocsp ?? true,
    graceMs: (given?.graceHours ?? 72) * 3_600_000,
  };
}

type GivenCredential = NonNullable<NonNullable<ConfigFile['dmp']>['credentials']>[number]['client'];

function filesOf(given: GivenCredential, from: (path: string) => string): CredentialFiles {
  const passphraseFile = given.passphraseFile === undefined ? null : from(given.passphraseFile);
  if ('pkcs12' in given) return { pkcs12: from(given.pkcs12), passphraseFile };
  return { certificate: from(given.certificate), key: from(given.key), passphraseFile };
}
