import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DmpConnectionOptions, openDmpConnection } from '../delivery/dmp/connection.ts';
import {
  type KeyPair,
  Keyring,
  type StructureCredentials,
  tlsOf,
} from '../delivery/dmp/credentials/keyring.ts';
import { readAnchors } from '../delivery/dmp/credentials/read.ts';
import { raise } from '../delivery/dmp/errors.ts';
import type { DmpAccess } from '../delivery/dmp/port.ts';
import { Revocation, type RevocationOptions } from '../delivery/dmp/revocation/revocation.ts';
import { ServerGate, standingNotice } from '../delivery/dmp/server-gate.ts';
import { authorityFiles, structureFiles } from '../sandbox/certificates/folder.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { DmpClock } from './alarms/dmp-clock.ts';
import { raiseFailure, raiseRevocation } from './alarms/raising.ts';
import type { Watched } from './certificate-ends.ts';
import { type Config, isLoopback, readText } from './config.ts';
import { gatewayError } from './errors.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** How every structure reaches the DMP: each authenticates and signs with its own certificates. */
export interface DmpAccesses {
  /** Of a structure (Struct_IdNat) of an establishment: its own credentials, else those of its legal entity. */
  of(establishment: string, structure: string): DmpAccess;
  /** The certificates of the structures, and those that the server showed last. */
  certificates(): Watched[];
  /** Called after certificates were taken over from files that changed. */
  onReloaded?: () => void;
  close(): Promise<void>;
}

/** Number of homologation that the sandbox knows; no real product bears it. */
const SANDBOX_HOMOLOGATION = 'VIADUC-SANDBOX';
/** How often files of certificates are looked at. */
const LOOK_EVERY_MS = 60_000;

type Tell = (code: string, values: object) => void;

/**
 * Reads the credentials; connections are made at the first request. What is wrong with a credential refuses the start in
 * production; elsewhere it is told. From then on files that change are taken over without a restart.
 * @throws ViaducError `config.malformed` without an address of the DMP or with an empty file of the homologation, `delivery.credential-…`
 */
export function openDmpAccesses(
  config: Config,
  sandbox: SandboxProcess | null,
  clock: Clock,
  tell: Tell,
  incidents: Incidents | null = null,
): DmpAccesses {
  const { anchors, keyring } = openKeyring(config, clock.now());
  for (const { code, values } of keyring.problems()) {
    if (config.environment === 'production') throw raise(code as Parameters<typeof raise>[0], values);
    tell(code, values);
  }
  const connections: Connections = new Connections(
    config,
    sandbox?.dmp ?? config.dmp.url,
    anchors,
    (gates) =>
      openRevocation(config, clock, {
        onStanding(standing, [own]) {
          const notice = standingNotice(standing);
          if (notice) tell(notice.code, notice.values);
          if (incidents) raiseRevocation(incidents, notice);
          if (standing.status === 'revoked') for (const gate of gates) gate.close(own!.fingerprint256);
        },
      }),
    incidents ? new DmpClock(incidents).answered : undefined,
  );
  const stop = watch(keyring, connections, clock, tell, incidents, () => accesses.onReloaded?.());
  const entities = new Map(config.establishments.map(({ id, finessEj }) => [id, finessEj]));
  const accesses: DmpAccesses = {
    of(establishment, structure) {
      const own = structure.replace(/^1/, '');
      return connections.of(keyring.of(own) ?? keyring.of(entities.get(establishment)!));
    },
    certificates: () => [
      ...keyring.certificates().map(({ finess, use, chain }) => ({
        ...{ name: `dmp ${use} ${finess}`, chain },
        establishment: establishmentOf(config, finess),
      })),
      ...connections.serverChains.slice(-1).map((chain) => ({
        ...{ name: 'dmp server', establishment: null, chain, foreign: true },
      })),
    ],
    close() {
      stop();
      return connections.close();
    },
  };
  return accesses;
}

/** One access for each pair of credentials in use; that of a pair no longer in use ends when its exchanges have ended. */
class Connections {
  readonly #shared: Pick<DmpAccess, 'vihf' | 'signatureDigest' | 'product' | 'roleTable'>;
  readonly #open: (pair: KeyPair | null) => DmpAccess;
  readonly #accesses = new Map<KeyPair | null, DmpAccess>();
  readonly #gates: ServerGate[] = [];
  readonly #revocation: Revocation | null;

  constructor(
    config: Config,
    baseUrl: string | null,
    anchors: string | null,
    revocationOf: (gates: readonly ServerGate[]) => Revocation | null,
    onDate: DmpConnectionOptions['onDate'],
  ) {
    if (baseUrl === null)
      throw gatewayError('config.malformed', { file: 'viaduc.yaml', what: 'dmp.url is missing' });
    const { dmp, product } = config;
    const { vihf, signatureDigest, roles, timeoutMs, destination } = dmp;
    this.#shared = {
      vihf,
      signatureDigest,
      roleTable: roles,
      product: { ...product, homologation: homologationOf(config) },
    };
    const trust = anchors === null ? {} : { ca: anchors };
    this.#revocation = revocationOf(this.#gates);
    this.#open = (pair) => ({
      ...this.#shared,
      connection: openDmpConnection({
        ...{ baseUrl, timeoutMs, connections: destination.concurrency },
        tls: { ...trust, ...(pair && tlsOf(pair)) },
        gate: this.#gate(),
        ...(onDate ? { onDate } : {}),
      }),
      seal: pair?.seal ?? null,
    });
  }

  of(pair: KeyPair | null): DmpAccess {
    let access = this.#accesses.get(pair);
    if (!access) {
      access = this.#open(pair);
      this.#accesses.set(pair, access);
    }
    return access;
  }

  /** Asks again about the server where it is time. */
  lookAgain(): void {
    this.#revocation?.lookAgain();
  }

  /** Closes what belongs to pairs that are no longer in use, once its exchanges have ended. */
  keepOnly(pairs: ReadonlySet<KeyPair | null>): void {
    for (const [pair, { connection }] of this.#accesses)
      if (pair !== null && !pairs.has(pair)) {
        this.#accesses.delete(pair);
        connection.close().catch(() => {});
      }
  }

  /** What the server showed last, on the way of each structure that spoke to it. */
  get serverChains(): (readonly X509Certificate[])[] {
    return this.#gates.map(({ chain }) => chain).filter((chain) => chain.length > 0);
  }

  #gate(): ServerGate {
    const gate = new ServerGate(this.#revocation);
    this.#gates.push(gate);
    return gate;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#accesses.values()].map(({ connection }) => connection.close()));
  }
}

function watch(
  keyring: Keyring,
  connections: Connections,
  clock: Clock,
  tell: Tell,
  incidents: Incidents | null,
  onReloaded: () => void,
): () => void {
  let cancel = () => {};
  const look = () => {
    try {
      takeOver();
    } catch (error) {
      // Nothing that goes wrong here may end a gateway that delivers.
      tell('delivery.credential-unreadable', { file: 'dmp.credentials', why: (error as Error).message });
      if (incidents) raiseFailure(incidents, 'credentials', error);
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  const takeOver = () => {
    const now = clock.now();
    connections.lookAgain();
    const before = keyring.structures.map((finess) => keyring.of(finess));
    for (const { code, values } of keyring.refresh(now)) tell(code, values);
    connections.keepOnly(new Set(keyring.structures.map((finess) => keyring.of(finess))));
    if (keyring.structures.some((finess, index) => keyring.of(finess) !== before[index])) onReloaded();
  };
  look();
  return () => cancel();
}

function establishmentOf({ establishments }: Config, finess: string): string | null {
  const own = establishments.find(
    ({ finessEj, sites }) => finessEj === finess || sites.some(({ finessEg }) => finessEg === finess),
  );
  return own?.id ?? null;
}

const EMPTY = {
  fr: "le fichier ne contient pas de numéro d'homologation (product.homologation)",
  en: 'the file holds no number of homologation (product.homologation)',
};

function homologationOf({ product: { homologation } }: Config): string {
  if (homologation === null) return SANDBOX_HOMOLOGATION;
  const number = readText(homologation).trim();
  if (number === '') throw gatewayError('config.malformed', { file: homologation, what: EMPTY });
  return number;
}

/** The authorities that certify the server, PEM, null for those of the platform; and the credentials of every structure. */
export interface OpenKeyring {
  anchors: string | null;
  keyring: Keyring;
}

/**
 * Reads what the configuration names; in a sandbox what it made for itself, once a first start has made it.
 * @throws ViaducError `delivery.credential-unreadable`
 */
export function openKeyring(
  { environment, dmp, sandbox, establishments }: Config,
  nowMs: number,
): OpenKeyring {
  const own = environment === 'sandbox' && areMade(sandbox.certificates);
  const file = own ? authorityFiles(sandbox.certificates).root.certificate : dmp.anchors;
  const anchors = file === null ? null : readAnchors(file);
  const credentials = own
    ? establishments.map(({ finessEj }) => madeFor(sandbox.certificates, finessEj))
    : dmp.credentials;
  return { anchors, keyring: new Keyring(credentials, anchors ?? '', nowMs) };
}

/** Whether the certificates of a sandbox were made. */
export function areMade(folder: string): boolean {
  return existsSync(authorityFiles(folder).root.certificate);
}

function madeFor(folder: string, finess: string): StructureCredentials {
  const { client, seal } = structureFiles(folder, finess);
  return { finess, client: { ...client, passphraseFile: null }, seal: { ...seal, passphraseFile: null } };
}

/** How revocation is asked about as configured; null when it is not. In a sandbox nothing beyond this machine is asked. */
export function openRevocation(
  { data, environment, dmp: { revocation } }: Config,
  clock: Clock,
  more: Pick<RevocationOptions, 'onStanding' | 'keep'> = {},
): Revocation | null {
  if (revocation.mode === 'off') return null;
  const allowed = ({ hostname }: URL) => environment !== 'sandbox' || isLoopback(hostname);
  return new Revocation({
    ...{ settings: revocation, folder: join(data, 'revocation'), allowed, clock },
    ...more,
  });
}
