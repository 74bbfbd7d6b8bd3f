// The mail world as a process of its own: prints one line of JSON with its addresses once it listens.
import { parseArgs } from 'node:util';
import { isViaducError } from '../../words/errors.ts';
import { readMailOptions } from './options.ts';
import { startMailWorld } from './world.ts';

const NAMES = ['smtp-port', 'imap-port', 'control-port', 'certificates', 'mailboxes'] as const;

try {
  await run();
} catch (error) {
  const [text, status] = isViaducError(error)
    ? [`${error.message} ${error.entry.remedy.en}`, 2]
    : [String(error), 1];
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
}

async function run(): Promise<void> {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options, strict: true });
  const world = await startMailWorld(readMailOptions(values));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void world.close().then(() => process.channel?.unref());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.channel) process.on('disconnect', stop);
  const { host, smtpPort, imapPort, controlUrl } = world;
  process.stdout.write(`${JSON.stringify({ host, smtpPort, imapPort, control: controlUrl })}\n`);
}
