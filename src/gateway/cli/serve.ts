import { readConfig } from '../config.ts';
import { type Gateway, startGateway } from '../gateway.ts';
import { type Command, EXIT } from './command.ts';

export const serve: Command = {
  summary: 'run the gateway',
  usage:
    'serve\n\nSettings come from viaduc.yaml (or VIADUC_CONFIG) and VIADUC_… variables; see docs/operations.md.',
  options: {},
  async run() {
    const gateway = await startGateway(readConfig());
    // Whoever reads that it is ready may ask it to stop at once.
    const stopped = untilStopped(gateway);
    if (gateway.newAdminToken) console.log(`administrator's token, shown once: ${gateway.newAdminToken}`);
    console.log(`viaduc is ready at ${gateway.endpoints.http}`);
    await stopped;
    return EXIT.done;
  },
};

/** Ends when the process is asked to stop, or when the wrapper that started it is gone, and everything is closed. */
export async function untilStopped(gateway: Gateway): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    if (process.connected) process.once('disconnect', () => resolve());
    if (process.env.npm_command) whenParentEnds(resolve);
  });
  await gateway.close();
  // Listening to the wrapper keeps this process alive, and the wrapper waits for this process.
  if (process.connected) process.disconnect();
}

const PARENT_LOOK_MS = 1000;

/** npm does not hand a signal on to what it started: when it is gone, a gateway that nobody holds any more would stay. */
function whenParentEnds(action: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) action();
  }, PARENT_LOOK_MS).unref();
}
