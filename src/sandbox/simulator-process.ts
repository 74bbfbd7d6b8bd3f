import { isViaducError } from '../words/errors.ts';

/** A simulator that listens: what is announced of it, and what ends it. */
export interface Running {
  addresses: Readonly<Record<string, string | number>>;
  close(): Promise<void>;
}

/** Status of a simulator whose port another program has. */
export const PORT_TAKEN = 3;

/**
 * Runs a simulator as a process of its own: prints one line of JSON with its addresses once it listens, and closes it when
 * the process is asked to end or its parent is gone. A start that fails ends with its reason: status 2 for wrong use, 3 for a port that is taken,
 * else 1.
 */
export async function runSimulator(start: () => Promise<Running>): Promise<void> {
  try {
    const { addresses, close } = await start();
    closeAtEnd(close);
    process.stdout.write(`${JSON.stringify(addresses)}\n`);
  } catch (error) {
    const [text, status] = isViaducError(error)
      ? [`${error.message} ${error.entry.remedy.en}`, 2]
      : [String(error), (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? PORT_TAKEN : 1];
    process.stderr.write(`${text}\n`);
    process.exitCode = status;
  }
}

function closeAtEnd(close: () => Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void close().then(() => process.channel?.unref());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.channel) process.on('disconnect', stop);
}
