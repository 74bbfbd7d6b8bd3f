import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import { Value } from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';

import type { NoticePolicy } from '../delivery/notices/queue.ts';
import { parseSchedule } from '../delivery/schedule.ts';
import type { PackProblems } from '../validation/packs/rulebook.ts';
import type { Environment } from '../words/environment.ts';
import type { Establishment, NoticeEndpoint, Sender } from '../words/establishment.ts';
import type { HoldRule } from '../words/hold.ts';
import { schemaComplaint } from '../words/schema-words.ts';
import { type AlarmsConfig, alarmHosts, alarmsOf } from './alarms/config.ts';
import { type ConfigFile, ConfigSchema } from './config-schema.ts';
import { checkRights, type DmpConfig, dmpOf, isCovered } from './dmp-config.ts';
import { gatewayError } from './errors.ts';
import { checkHolds, holdsOf } from './holds-config.ts';
import {
  checkMllpSender,
  type MllpConfig,
  type MllpSender,
  mllpOf,
  mllpSenderOf,
  SANDBOX_MLLP,
} from './mllp-config.ts';
import { checkMssante } from './mssante-check.ts';
import { type MssanteConfig, mssanteOf } from './mssante-config.ts';
import type { NtpServer } from './ntp.ts';
import { product } from './product.ts';
import { type RetentionConfig, retentionOf } from './retention-config.ts';
import {
  CLOSED_DMP_HOURS,
  SANDBOX_ESTABLISHMENT,
  SANDBOX_OID_ROOT,
  SANDBOX_SENDER,
} from './sandbox-defaults.ts';
import { hostOf, type WitnessesConfig, witnessesOf } from './witnesses/config.ts';

/** The configuration in force: the file, the environment variables over it, the defaults under it. Paths are absolute. */
export interface Config extends WitnessesConfig {
  environment: Environment;
  data: string;
  keyFile: string;
  oidRoot: string;
  /** As homologated; `homologation` is the file of the number, null in a sandbox. */
  product: { name: string; version: string; homologation: string | null; nil: string | null };
  http: { host: string; port: number; tls: TlsFiles | null; behindProxy: boolean; requestsPerMinute: number };
  mllp: MllpConfig;
  adminToken: string | null;
  establishments: Establishment[];
  senders: ConfiguredSender[];
  /** Folders of rule packs that are always in force, in place. */
  packs: string[];
  /** When the project's own pack judges: while no other is in force, always, never. */
  ownPack: 'otherwise' | 'always' | 'never';
  /** Folder of compiled rules. */
  cache: string;
  checks: { workers: number; budgetMs: number; packProblems: PackProblems };
  holds: HoldRule[];
  dmp: DmpConfig;
  /** Null: MSSanté is not open. */
  mssante: MssanteConfig | null;
  notices: NoticePolicy;
  /** Server of time that the clock of the machine is compared with. */
  ntp: NtpServer | null;
  retention: RetentionConfig;
  alarms: AlarmsConfig;
  sandbox: {
    start: boolean;
    /** Whether its operator of MSSanté is started: unless a mailbox is configured. */
    mail: boolean;
    dmpPort: number;
    smtpPort: number;
    /** Folder of the certificates made for it. */
    certificates: string;
  };
  logLevel: string;
}

export interface ConfiguredSender extends Sender {
  tokenFile: string | null;
  mllp: MllpSender | null;
  /** Longest silence that is normal; null: any. */
  expectEveryMinutes: number | null;
}

export interface TlsFiles {
  certificate: string;
  key: string;
  passphraseFile: string | null;
  clientAuthorities: string | null;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads `viaduc.yaml` (VIADUC_CONFIG, or the one in the working folder when there is one) and the environment.
 * @throws ViaducError `config.unreadable`, `config.malformed`, `config.exposed`, `config.leaves-loopback`
 */
export function readConfig(variables: Variables = process.env, folder = process.cwd()): Config {
  const file = variables.VIADUC_CONFIG ?? (existsSync(resolve(folder, 'viaduc.yaml')) ? 'viaduc.yaml' : null);
  const path = file === null ? null : resolve(folder, file);
  const given = path === null ? {} : readFile(path);
  const config = complete(given, variables, path === null ? folder : dirname(path), folder);
  check(config, given, path ?? 'viaduc.yaml');
  return config;
}

function readFile(path: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw gatewayError('config.unreadable', { file: path, why: error.message.split('\n')[0]! });
  const content: unknown = document.toJS() ?? {};
  const complaint = schemaComplaint(Value.Errors(ConfigSchema, content));
  if (!complaint) return content as ConfigFile;
  const { place, what } = complaint;
  const node = document.getIn(place.split('.'), true) as { range?: [number, number, number] } | undefined;
  const line = node?.range ? lines.linePos(node.range[0]).line : null;
  throw gatewayError('config.malformed', {
    file: path,
    what: {
      fr: `${line === null ? '' : `ligne ${line}, `}${place || '(racine)'} ${what.fr}`,
      en: `${line === null ? '' : `line ${line}, `}${place || '(root)'} ${what.en}`,
    },
  });
}

/** Reads a file that the configuration names. @throws ViaducError `config.unreadable` */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw gatewayError('config.unreadable', {
      file: path,
      why: (error as NodeJS.ErrnoException).code ?? 'unknown',
    });
  }
}

function complete(given: ConfigFile, variables: Variables, base: string, folder: string): Config {
  const from = (path: string) => (isAbsolute(path) ? path : resolve(base, path));
  const environment = environmentOf(variables.VIADUC_ENV ?? given.environment ?? 'sandbox');
  const data = variables.VIADUC_DATA ? resolve(folder, variables.VIADUC_DATA) : from(given.data ?? './data');
  const keyFile = variables.VIADUC_KEY_FILE
    ? resolve(folder, variables.VIADUC_KEY_FILE)
    : given.keyFile
      ? from(given.keyFile)
      : `${data}.key`;
  const packs = variables.VIADUC_PACKS
    ? variables.VIADUC_PACKS.split(':').map((one) => resolve(folder, one))
    : (given.packs ?? []).map(from);
  return {
    environment,
    data,
    keyFile,
    packs,
    ownPack: given.ownPack ?? 'otherwise',
    cache: variables.VIADUC_CACHE
      ? resolve(folder, variables.VIADUC_CACHE)
      : given.cache
        ? from(given.cache)
        : resolve(data, 'cache'),
    ...witnessesOf(given.witnesses, environment, data, from),
    oidRoot: given.oidRoot ?? SANDBOX_OID_ROOT,
    product: productOf(given, from),
    http: httpOf(given, variables, from),
    mllp: mllpOf(given.mllp, {
      ...{ host: variables.VIADUC_HOST, environment, from },
      port: portOf(variables.VIADUC_MLLP_PORT),
      tlsPort: portOf(variables.VIADUC_MLLPS_PORT),
    }),
    adminToken: variables.VIADUC_ADMIN_TOKEN ?? null,
    ...tenantsOf(given, environment, from),
    checks: {
      workers: given.checks?.workers ?? Math.max(1, availableParallelism() - 1),
      budgetMs: (given.checks?.budgetSeconds ?? 20) * 1000,
      packProblems: given.checks?.packProblems ?? 'report-missing',
    },
    holds: holdsOf(given),
    dmp: dmpOf(given, { url: variables.VIADUC_DMP_URL ?? null, environment, from }),
    mssante: mssanteOf(given, environment, from),
    notices: noticesOf(given, environment),
    ntp: given.ntp ? { port: 123, ...given.ntp } : null,
    retention: retentionOf(given.retention),
    alarms: alarmsOf(given.alarms, from),
    sandbox: {
      start:
        environment === 'sandbox' &&
        (given.sandbox?.start ?? (variables.VIADUC_DMP_URL ?? given.dmp?.url) === undefined),
      mail: environment === 'sandbox' && (given.sandbox?.mail ?? !given.mssante),
      smtpPort: portOf(variables.VIADUC_SANDBOX_SMTP_PORT) ?? given.sandbox?.smtpPort ?? 2525,
      dmpPort: portOf(variables.VIADUC_SANDBOX_DMP_PORT) ?? given.sandbox?.dmpPort ?? 8081,
      certificates: variables.VIADUC_SANDBOX_CERTIFICATES
        ? resolve(folder, variables.VIADUC_SANDBOX_CERTIFICATES)
        : given.sandbox?.certificates
          ? from(given.sandbox.certificates)
          : resolve(data, 'sandbox', 'certificates'),
    },
    logLevel: given.log?.level ?? 'info',
  };
}

function environmentOf(text: string): Environment {
  if (text === 'sandbox' || text === 'test' || text === 'production') return text;
  throw gatewayError('config.malformed', {
    file: 'VIADUC_ENV',
    what: `'${text}' is none of sandbox, test, production`,
  });
}

function httpOf({ http }: ConfigFile, variables: Variables, from: (path: string) => string): Config['http'] {
  const tls = http?.tls;
  return {
    host: variables.VIADUC_HOST ?? http?.host ?? '127.0.0.1',
    port: portOf(variables.VIADUC_HTTP_PORT) ?? http?.port ?? 8080,
    behindProxy: http?.behindProxy ?? false,
    requestsPerMinute: http?.requestsPerMinute ?? 30_000,
    tls: tls
      ? {
          certificate: from(tls.certificate),
          key: from(tls.key),
          passphraseFile: tls.passphraseFile ? from(tls.passphraseFile) : null,
          clientAuthorities: tls.clientAuthorities ? from(tls.clientAuthorities) : null,
        }
      : null,
  };
}

function portOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw gatewayError('config.malformed', { file: 'environment', what: `'${text}' is no port` });
}

/** In the sandbox a built-in establishment and sender stand in for those that the file does not name. */
function tenantsOf(
  given: ConfigFile,
  environment: Environment,
  from: (path: string) => string,
): Pick<Config, 'establishments' | 'senders'> {
  const builtIn = environment === 'sandbox' && !given.establishments;
  const establishments = (given.establishments ?? []).map((one) => ({
    zone: 'Europe/Paris',
    ippRoot: null,
    consentNotCollected: 'deposit' as const,
    closedDmpHours: CLOSED_DMP_HOURS,
    ...one,
  }));
  const senders = (given.senders ?? []).map(({ tokenFile, policy = {}, notices, mllp, ...one }) => ({
    expectEveryMinutes: null,
    ...one,
    policy,
    ...(notices ? { notices: noticeEndpoint(notices, from) } : {}),
    tokenFile: tokenFile ? from(tokenFile) : null,
    mllp: mllpSenderOf(mllp),
  }));
  if (!builtIn) return { establishments, senders };
  return {
    establishments: [SANDBOX_ESTABLISHMENT],
    senders: [
      { ...SANDBOX_SENDER, tokenFile: null, mllp: SANDBOX_MLLP, expectEveryMinutes: null },
      ...senders,
    ],
  };
}

function noticeEndpoint(
  { host, port, charset = 'utf-8', tls }: NonNullable<NonNullable<ConfigFile['senders']>[number]['notices']>,
  from: (path: string) => string,
): NoticeEndpoint {
  const file = (path: string | undefined) => (path === undefined ? null : from(path));
  return {
    ...{ host, port, charset },
    tls: tls
      ? {
          authorities: file(tls.authorities),
          certificate: file(tls.certificate),
          key: file(tls.key),
          passphraseFile: file(tls.passphraseFile),
          serverName: tls.serverName ?? null,
        }
      : null,
  };
}

function noticesOf({ notices }: ConfigFile, environment: Environment): NoticePolicy {
  const quick = environment === 'sandbox';
  return {
    schedule: parseSchedule(notices?.schedule ?? (quick ? '1s, 2s, 5s, …' : '10s, 30s, 1m, 5m, 15m, …')),
    answerMs: (notices?.answerSeconds ?? 30) * 1000,
    parkAfterMs: (notices?.parkAfterHours ?? 72) * 3_600_000,
  };
}

function productOf({ product: named }: ConfigFile, from: (path: string) => string): Config['product'] {
  const { name, version, homologation, nil = null } = { ...product, ...named };
  return { name, version, homologation: homologation === undefined ? null : from(homologation), nil };
}

function check(config: Config, given: ConfigFile, file: string): void {
  if (!isLoopback(config.http.host) && !config.http.tls && !config.http.behindProxy) {
    throw gatewayError('config.exposed', { host: config.http.host });
  }
  if (config.mllp.port !== null && !isLoopback(config.mllp.plainHost) && !config.mllp.protectedNetwork)
    throw gatewayError('config.mllp-exposed', { host: config.mllp.plainHost });
  checkAddresses(config, file);
  const away = config.remoteWitnesses.map(hostOf).find((host) => host !== null && !isLoopback(host));
  if (config.environment === 'sandbox' && away) throw gatewayError('config.leaves-loopback', { url: away });
  if (!config.alarms.mail && config.remoteWitnesses.some(({ kind }) => kind === 'mail'))
    throw gatewayError('config.malformed', {
      file,
      what: 'a witness of kind mail needs the relay of alarms.mail',
    });
  checkRights(config.dmp);
  checkHolds(config, file);
  checkAlarms(config, file);
  if (config.establishments.length === 0)
    throw gatewayError('config.malformed', { file, what: 'establishments is missing' });
  if (config.environment !== 'sandbox') needSettled(config, file);
  if (config.environment === 'production') {
    needChosen(given, file);
    needHomologated(config, given, file);
  }
  const known = new Set(config.establishments.map(({ id }) => id));
  if (known.size < config.establishments.length)
    throw gatewayError('config.malformed', { file, what: 'establishments: an id stands twice' });
  for (const { id, zone } of config.establishments)
    if (!isZone(zone))
      throw gatewayError('config.malformed', {
        file,
        what: `establishments.${id}.zone '${zone}' is no time zone`,
      });
  for (const sender of config.senders) {
    if (!known.has(sender.establishment))
      throw gatewayError('config.malformed', {
        file,
        what: `senders.${sender.id}.establishment '${sender.establishment}' is not configured`,
      });
    if (config.environment === 'sandbox' && sender.notices && !isLoopback(sender.notices.host))
      throw gatewayError('config.leaves-loopback', { url: sender.notices.host });
    if (sender.mllp) checkMllpSender(sender.id, sender.mllp, config.environment, file);
  }
  checkMssante(config, file);
}

function checkAlarms({ environment, alarms }: Config, file: string): void {
  const { morning, callNow } = alarms.diskDays;
  if (callNow > morning) {
    const what = `alarms.diskDays.callNow (${callNow}) is above alarms.diskDays.morning (${morning})`;
    throw gatewayError('config.malformed', { file, what });
  }
  const outside = environment === 'sandbox' && alarmHosts(alarms).find((one) => !isLoopback(one));
  if (outside) throw gatewayError('config.leaves-loopback', { url: outside });
}

function checkAddresses({ environment, ntp, dmp: { url, revocation } }: Config, file: string): void {
  const away = revocation.lists.find((place) => URL.canParse(place) && !isLoopback(new URL(place).hostname));
  if (environment === 'sandbox' && ntp && !isLoopback(ntp.host))
    throw gatewayError('config.leaves-loopback', { url: ntp.host });
  if (environment === 'sandbox' && away) throw gatewayError('config.leaves-loopback', { url: away });
  if (url === null) return;
  const parsed = URL.parse(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw gatewayError('config.malformed', { file, what: `dmp.url '${url}' is no http or https address` });
  if (environment === 'sandbox' && !isLoopback(parsed.hostname))
    throw gatewayError('config.leaves-loopback', { url });
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/** What every establishment decides for itself before documents of real patients leave. */
function needChosen({ establishments = [] }: ConfigFile, file: string): void {
  const open = establishments.find(({ consentNotCollected }) => consentNotCollected === undefined);
  if (!open) return;
  throw gatewayError('config.malformed', {
    file,
    what: {
      fr: `establishments.${open.id}.consentNotCollected est à choisir en production : deposit, hold ou refuse`,
      en: `establishments.${open.id}.consentNotCollected is to be chosen in production: deposit, hold or refuse`,
    },
  });
}

/** What a sandbox may leave to its defaults and nobody else may. */
function needSettled(config: Config, file: string): void {
  if (config.oidRoot === SANDBOX_OID_ROOT)
    throw gatewayError('config.malformed', { file, what: 'oidRoot is missing' });
  if (config.dmp.url === null) throw gatewayError('config.malformed', { file, what: 'dmp.url is missing' });
}

/** Production speaks as a homologated product, and proves for which structure. */
function needHomologated(
  { product: named, dmp, establishments }: Config,
  given: ConfigFile,
  file: string,
): void {
  const what = (member: string) => gatewayError('config.malformed', { file, what: `${member} is missing` });
  if (!given.product) throw what('product');
  if (named.homologation === null) throw what('product.homologation');
  if (named.nil === null) throw what('product.nil');
  if (dmp.anchors === null) throw what('dmp.anchors');
  const certified = new Set(dmp.credentials.map(({ finess }) => finess));
  for (const one of establishments)
    if (!isCovered(one, (finess) => certified.has(finess)))
      throw what(`dmp.credentials for establishment ${one.id} (FINESS ${one.finessEj})`);
}

/** Whether a host name or address stays on this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
