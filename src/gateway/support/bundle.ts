import { createWriteStream } from 'node:fs';
import { availableParallelism, freemem, release, totalmem } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Alarm } from '../../alarms/alarm.ts';
import { presentAlarm } from '../../alarms/message.ts';
import { AlarmStore } from '../../alarms/store.ts';
import { openForReading } from '../../ledger/sqlite/database.ts';
import type { ChainReport } from '../../ledger/verify.ts';
import { instant } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import type { Config } from '../config.ts';
import { product } from '../product.ts';
import { recentLines } from '../recent-log.ts';
import { countsOf } from './counts.ts';
import { tellableSettings } from './settings.ts';

export interface BundleParts {
  config: Config;
  nowMs: number;
  /** Address of the running gateway; null when none runs. */
  http: string | null;
  doctor(): Promise<unknown>;
  /** Null: the ledger is not to be verified now. */
  verify: (() => ChainReport[]) | null;
}

/** How many closed alarms are told. */
const CLOSED_ALARMS = 200;

const README = `Archive de diagnostic de Viaduc

Elle contient la configuration sans ses secrets, les versions, l'examen de « viaduc doctor », les métriques, les dernières
lignes du journal, les alarmes, des comptes par état et par code, et le résumé de la vérification du registre.
Elle ne contient aucune donnée de patient, aucun document, aucun jeton, aucune clé, aucun mot de passe. Ce sont des
fichiers de texte : les lire avant de l'envoyer.

Support bundle of Viaduc

It holds the configuration without its secrets, versions, what 'viaduc doctor' found, metrics, the last lines of the log,
alarms, counts by state and code, and the summary of the verification of the ledger.
It holds no patient data, no document, no token, no key, no password. All of it is text: read it before sending it.
`;

/** Writes the archive. What cannot be had is told in its place, and the rest is written all the same. */
export async function writeBundle(file: string, parts: BundleParts): Promise<string[]> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  // Told where it is awaited; until then it must not end the process.
  written.catch(() => {});
  const names: string[] = [];
  for (const [name, make] of Object.entries(contentsOf(parts))) {
    zip.addBuffer(await textOf(make), name, { mtime: new Date(parts.nowMs), mode: 0o100600 });
    names.push(name);
  }
  zip.end();
  await written;
  return names;
}

type Contents = Record<string, () => unknown>;

function contentsOf(parts: BundleParts): Contents {
  const { config, nowMs, http } = parts;
  return {
    'README.txt': () => README,
    'versions.json': () => versionsOf(config, nowMs, http !== null),
    'configuration.json': () => tellableSettings(config),
    'doctor.json': parts.doctor,
    'metrics.txt': () => metricsOf(http),
    'alarms.json': () => alarmsOf(config),
    'counts.json': () => counted(config),
    'ledger.json': () => parts.verify?.().map(summaryOf) ?? { notVerified: 'not asked for' },
    'log.jsonl': () => recentLines(config.data),
  };
}

async function textOf(make: () => unknown): Promise<Buffer> {
  try {
    const made = await make();
    return Buffer.from(typeof made === 'string' ? made : `${JSON.stringify(made, null, 2)}\n`);
  } catch (error) {
    const { name, code } = error as Error & { code?: unknown };
    const known = isViaducError(error) ? error.code : typeof code === 'string' ? code : name;
    return Buffer.from(`${JSON.stringify({ notAvailable: known }, null, 2)}\n`);
  }
}

function versionsOf({ environment, product: named }: Config, nowMs: number, running: boolean) {
  const { node, openssl, sqlite, v8 } = process.versions;
  return {
    ...{ at: instant(nowMs), environment, gateway: running ? 'running' : 'not running' },
    product: { name: named.name, version: named.version, build: `${product.name} ${product.version}` },
    runtime: { node, openssl, sqlite, v8, platform: process.platform, arch: process.arch, system: release() },
    machine: { processors: availableParallelism(), memoryBytes: totalmem(), freeMemoryBytes: freemem() },
  };
}

async function metricsOf(http: string | null): Promise<string> {
  if (http === null) return 'no gateway runs\n';
  const answer = await fetch(`${http}/metrics`, { signal: AbortSignal.timeout(METRICS_MS) });
  return answer.ok ? answer.text() : `not available: status ${answer.status}\n`;
}

const METRICS_MS = 10_000;

/** Without the names of people and the reasons they wrote. */
function alarmsOf({ data, alarms }: Config) {
  const store = new AlarmStore(data, true);
  try {
    const tell = (alarm: Alarm) => {
      const { acknowledged, silenced, whatToDo: _, means: __, ...rest } = presentAlarm(alarm, alarms.pages);
      return { ...rest, acknowledgedAt: acknowledged?.at ?? null, silencedUntil: silenced?.until ?? null };
    };
    return {
      open: store.open().map(tell),
      closed: store.list({ open: false, limit: CLOSED_ALARMS }).map(tell),
    };
  } finally {
    store.close();
  }
}

function counted({ data }: Config): unknown {
  const database = openForReading(data);
  try {
    return countsOf(database);
  } finally {
    database.close();
  }
}

/** Of a verification: how far, and what was found how often; not where, nor who decided what is gone. */
function summaryOf({ problems, decisions: _, restores, ...report }: ChainReport) {
  const codes = Map.groupBy(problems, ({ code }) => code);
  const counted = Object.fromEntries([...codes].map(([code, all]) => [code, all.length]));
  return { ...report, restores: restores.length, problems: counted };
}
