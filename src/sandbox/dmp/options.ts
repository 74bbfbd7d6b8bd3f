import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { raise } from './errors.ts';
import { PatientSchema } from './patients.ts';
import type { DmpSimulatorOptions } from './simulator.ts';
import { SwitchChangesSchema } from './switches.ts';

const OPTIONS = [
  'port',
  'host',
  'admin-port',
  'store',
  'patients',
  'switches',
  'certificates',
  'sites',
] as const;
type OptionName = (typeof OPTIONS)[number];

/** Geographic FINESS numbers by legal FINESS. */
const SITES = Type.Record(Type.String(), Type.Array(Type.String()));

const DEFAULT_PORT = '8081';

/**
 * Options of the process: `--port`, `--host`, `--admin-port`, `--store FILE`, `--patients FILE` (JSON list),
 * `--switches JSON`, `--certificates DIR` and `--sites JSON`; each also as `VIADUC_SANDBOX_DMP_PORT`, …; what the command line says wins.
 * @throws ViaducError `sandbox.option-wrong`
 */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): DmpSimulatorOptions {
  const given = commandLine(args);
  const value = (name: OptionName): string | undefined =>
    given[name] || environment[variable(name)] || undefined;
  const patients = value('patients');
  const switches = value('switches');
  const certificates = value('certificates');
  const sites = value('sites');
  return {
    port: portOf('port', value('port') ?? DEFAULT_PORT),
    adminPort: portOf('admin-port', value('admin-port') ?? '0'),
    host: value('host') ?? '127.0.0.1',
    storePath: value('store') ?? ':memory:',
    ...(patients && {
      patients: json('patients', Type.Array(PatientSchema), () => readFileSync(patients, 'utf8')),
    }),
    ...(certificates && { certificates }),
    ...(sites && { sites: json('sites', SITES, () => sites) }),
    ...(switches && { switches: json('switches', SwitchChangesSchema, () => switches) }),
  };
}

function variable(name: OptionName): string {
  return `VIADUC_SANDBOX_DMP_${name.replace('-', '_').toUpperCase()}`;
}

function commandLine(args: string[]): Partial<Record<OptionName, string>> {
  const options = Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args, options, strict: true }).values as Partial<Record<OptionName, string>>;
  } catch (error) {
    throw raise('sandbox.option-wrong', { option: args.join(' ') }, error);
  }
}

const MAX_PORT = 65_535;

function portOf(option: OptionName, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > MAX_PORT) throw raise('sandbox.option-wrong', { option });
  return port;
}

function json<T extends Type.TSchema>(option: OptionName, schema: T, read: () => string): Static<T> {
  try {
    return Value.Parse(schema, JSON.parse(read()));
  } catch (error) {
    throw raise('sandbox.option-wrong', { option }, error);
  }
}
