import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Lines of JSON on the standard error output. Requests are not logged: they would tell who was treated where. */
export function makeLog({ logLevel }: Config): Logger {
  return pino(
    {
      level: logLevel,
      base: { pid: process.pid },
      redact: ['req', 'res', 'headers', '*.headers', 'body', '*.body'],
    },
    pino.destination(2),
  );
}

/** Class, code and frames of an error; never its message, which may quote what was being handled. */
export function nameOf(error: unknown): object {
  const { name, code, stack } = error as Error & { code?: string };
  return {
    name,
    code,
    frames: (stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8),
  };
}
