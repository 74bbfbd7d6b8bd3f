import { keepPack, keptPacks } from '../../validation/packs/kept.ts';
import { type Config, readConfig } from '../config.ts';
import { listed } from '../pack-keeping.ts';
import { editionsOf, readActivations, rulesInForce } from '../packs.ts';
import { type Command, EXIT, text, UsageError, type Values } from './command.ts';
import { cacheFolder } from './judging.ts';
import { examine, showPack } from './packs-check.ts';
import { activate, deactivate, remove } from './packs-force.ts';
import { tryPack } from './packs-try.ts';
import { textTable } from './table.ts';

export const packs: Command = {
  summary: 'rule packs: add, check, try, put in force and take out of it',
  usage: `packs list
       viaduc packs check DIR
       viaduc packs add DIR [--accept-broken]
       viaduc packs show DIR|NAME [--format text|json]
       viaduc packs try DIR|NAME [--since 7d] [--establishment ID]
       viaduc packs activate NAME [--from DATE] [--by WHO]
       viaduc packs deactivate NAME [--by WHO]
       viaduc packs remove NAME

DIR is the agency's folder as published; NAME the id of a pack of the data folder, or the beginning of its hash.
check tells all that is broken in a folder, with file and line. add copies it into the data folder, by its hash; several
editions stand side by side. try judges the documents of the ledger that are still kept again and tells which of them
would newly be refused. activate puts a pack in force, now or from DATE (ISO 8601); deactivate undoes it. Both are events
in the ledger, through the running gateway (as whose token stands in VIADUC_TOKEN, else VIADUC_ADMIN_TOKEN) or directly when
none runs. A pack that has been in force is never removed. Status 1: something broken, newly refused, or the gateway refused.`,
  options: {
    'accept-broken': { type: 'boolean' },
    format: { type: 'string' },
    since: { type: 'string' },
    establishment: { type: 'string' },
    from: { type: 'string' },
    by: { type: 'string' },
  },
  async run(values, [verb, name]) {
    const config = readConfig();
    if (verb === 'list') return list(config);
    const run = verb === undefined ? undefined : VERBS[verb];
    if (!run) throw new UsageError('packs list, check, add, show, try, activate, deactivate or remove');
    if (name === undefined) throw new UsageError(`packs ${verb} needs a name`);
    return run(config, values, name);
  },
};

const VERBS: Readonly<Record<string, (config: Config, values: Values, name: string) => Promise<number>>> = {
  check: async (config, _, folder) => report(examine(folder, cacheFolder(config))),
  add,
  show: async (config, values, name) => showPack(config, text(values, 'format') === 'json', name),
  try: tryPack,
  activate,
  deactivate,
  remove,
};

function report({ missing, damaged }: { missing: number; damaged: number }): number {
  if (missing + damaged > 0) return EXIT.invalid;
  console.log('nothing is broken');
  return EXIT.done;
}

/** What is missing as published is told and added; what is damaged is added only when it is accepted. */
async function add(config: Config, values: Values, folder: string): Promise<number> {
  const { missing, damaged } = examine(folder, cacheFolder(config));
  if (damaged > 0 && !values['accept-broken']) {
    console.log(`not added: ${damaged} damaged; mend the folder, or give --accept-broken`);
    return EXIT.invalid;
  }
  const { id, sha256, already, choices } = keepPack(folder, config.data, config.cache);
  const what = already ? 'was there already' : 'added';
  const count = `${choices.profiles.length} rule sets for every document, ${choices.models.length} for models`;
  console.log(`${id} ${sha256} ${what}: ${count}; ${missing + damaged} problem(s)`);
  console.log(`it judges nothing yet: viaduc packs activate ${sha256.slice(0, 12)}`);
  return EXIT.done;
}

async function list(config: Config): Promise<number> {
  const activations = readActivations(config);
  const kept = keptPacks(config.data, config.cache).map((pack) => listed(pack, activations));
  const rows = kept.map(({ id, sha256, models, problems, activations: times }) => [
    ...[id, sha256.slice(0, 12), String(models), String(problems)],
    times.map(({ from, until, by }) => `${from} – ${until ?? ''} (${by})`).join('; ') || 'never in force',
  ]);
  console.log(textTable([['kept pack', 'hash', 'models', 'problems', 'in force'], ...rows]));
  const now = editionsOf(rulesInForce(config, activations, Date.now()));
  const judging = now.map(({ id, sha256, from, until }) => [
    id,
    sha256.slice(0, 12),
    from ?? 'always',
    until ?? '',
  ]);
  console.log(`\n${textTable([['judging', 'hash', 'from', 'until'], ...judging])}`);
  return EXIT.done;
}
