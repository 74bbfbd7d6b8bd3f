// The simulator as a process of its own: prints one line of JSON with its addresses once it listens.
import { isViaducError } from '../../words/errors.ts';
import { readOptions } from './options.ts';
import { startDmpSimulator } from './simulator.ts';

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
  const simulator = await startDmpSimulator(readOptions(process.argv.slice(2), process.env));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void simulator.close().then(() => process.channel?.unref());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.channel) process.on('disconnect', stop);
  process.stdout.write(`${JSON.stringify({ dmp: simulator.url, admin: simulator.adminUrl })}\n`);
}
