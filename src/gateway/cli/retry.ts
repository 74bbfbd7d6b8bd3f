import type { Establishment } from '../../words/establishment.ts';
import { isReason } from '../../words/reason.ts';
import { readConfig } from '../config.ts';
import { type Command, choice, EXIT, text, texts, UsageError, type Values } from './command.ts';
import { askGateway } from './gateway-call.ts';
import { establishmentOf, runningGateway } from './ledgers.ts';
import { previewText, type Run, resultText, SENTENCES } from './retry-text.ts';
import { type Language, languageGiven } from './running-call.ts';

/** How often the progress of a run is asked for. */
const LOOK_MS = 2000;

/** Options that may stand several times, and the members of the filter that they fill. */
const LISTS = {
  ...{ code: 'code', sender: 'sender', type: 'type' },
  ...{ 'hold-origin': 'holdOrigin', 'hold-reason': 'holdReason' },
};

/** Asks the running gateway about runs; `language` is that of whoever reads. */
interface Calling {
  call(path: string, body?: object): Promise<Run>;
  language: Language;
}

export const retry: Command = {
  summary: 'try again a filtered set of deliveries',
  usage: `retry [--establishment ID] [--state parked|held] [--code CODE]... [--sender ID]... [--type CODE]...
       [--hold-origin request|rule|person]... [--hold-reason TEXT]...
       [--from INSTANT] [--to INSTANT] [--rate N] [--reason TEXT] [--lang fr|en] [--dry-run | --yes]

Shows how many deliveries the filter finds, why they stand still and some of them; nothing happens until --yes with a --reason.
Then exactly these are opened, N a minute (120), each with its author and reason on its time line; what may have arrived is
asked for first, and permissions are read again. 'held' releases holds, and those of a rule only unless --hold-origin
names others; so does --code delivery.hold-escalated, for those that came to their date. --from and --to are about the arrival. Goes through the
running gateway as whose token stands in VIADUC_TOKEN (else VIADUC_ADMIN_TOKEN), and ends with the run; interrupted, the run goes
on: --stop, --pause, --resume or --show with its id. Status 1 when something was not delivered, or the gateway refused.`,
  options: {
    ...{
      establishment: { type: 'string' },
      state: { type: 'string' },
      'hold-origin': { type: 'string', multiple: true },
      'hold-reason': { type: 'string', multiple: true },
      code: { type: 'string', multiple: true },
    },
    ...{ sender: { type: 'string', multiple: true }, type: { type: 'string', multiple: true } },
    ...{
      from: { type: 'string' },
      to: { type: 'string' },
      rate: { type: 'string' },
      reason: { type: 'string' },
      lang: { type: 'string' },
    },
    ...{ 'dry-run': { type: 'boolean' }, yes: { type: 'boolean' } },
    ...{
      pause: { type: 'string' },
      resume: { type: 'string' },
      stop: { type: 'string' },
      show: { type: 'string' },
    },
  },
  async run(values) {
    const config = readConfig();
    const running = runningGateway(config);
    if (!running) throw new UsageError('no gateway runs on this data folder: a retry goes through one');
    const language = languageGiven(values);
    const call: Calling['call'] = (path, json) =>
      askGateway(config, running.http, `retries${path}`, {
        ...(json ? { method: 'POST', json } : {}),
        language,
      });
    const calling = { call, language };
    return (await steer(calling, values)) ?? filterAndStart(calling, establishmentOf(config, values), values);
  },
};

/** Acts on a run that was started before; null when none is named. */
async function steer({ call, language }: Calling, values: Values): Promise<number | null> {
  for (const verb of ['pause', 'resume', 'stop'] as const) {
    const id = text(values, verb);
    if (id !== undefined) return told(await call(`/${encodeURIComponent(id)}/${verb}`, {}), language);
  }
  const shown = text(values, 'show');
  return shown === undefined ? null : told(await call(`/${encodeURIComponent(shown)}`), language);
}

async function filterAndStart(calling: Calling, { id }: Establishment, values: Values): Promise<number> {
  const { call, language } = calling;
  const start = startOf(values);
  const preview = await call('', { establishment: id, ...filterOf(values) });
  console.log(previewText(preview, language));
  if (preview.count === 0) return EXIT.done;
  if (!start) {
    console.log(SENTENCES[language].nothing);
    return EXIT.done;
  }
  const started = await call(`/${preview.id}/start`, start);
  console.log(SENTENCES[language].started(started.id));
  return told(await ended(calling, started), language);
}

function startOf(values: Values): { reason: string; ratePerMinute?: number } | null {
  if (values.yes && values['dry-run']) throw new UsageError('either --yes or --dry-run');
  if (!values.yes) return null;
  const reason = text(values, 'reason');
  if (reason === undefined)
    throw new UsageError('--yes needs a --reason: it stands on the time line of each delivery');
  if (!isReason(reason))
    throw new UsageError('--reason says why, in at least 3 characters that are not blank');
  const rate = text(values, 'rate');
  if (rate === undefined) return { reason };
  if (!/^[1-9]\d{0,4}$/.test(rate))
    throw new UsageError(`--rate is a number of deliveries a minute, not '${rate}'`);
  return { reason, ratePerMinute: Number(rate) };
}

function filterOf(values: Values): object {
  const lists = Object.fromEntries(
    Object.entries(LISTS)
      .map(([name, member]) => [member, texts(values, name)])
      .filter(([, given]) => given!.length > 0),
  );
  const period = Object.fromEntries(
    ['from', 'to'].map((name) => [name, text(values, name)]).filter(([, given]) => given !== undefined),
  );
  return { state: choice(values, 'state', ['parked', 'held', 'refused'], 'parked'), ...lists, ...period };
}

async function ended({ call, language }: Calling, started: Run): Promise<Run> {
  let run = started;
  while (run.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    run = await call(`/${run.id}`);
    console.log(`  ${SENTENCES[language].progress(run)}`);
  }
  return run;
}

function told(run: Run, language: Language): number {
  console.log(resultText(run, language));
  const { refused = 0, parked = 0 } = run.outcomes;
  return refused + parked > 0 ? EXIT.invalid : EXIT.done;
}
