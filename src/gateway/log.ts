import { type Level, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { RecentLog } from './recent-log.ts';

/**
 * Lines of JSON on the standard error output, the last of them also in the data folder. Requests are not logged: they would
 * tell who was treated where.
 */
export function makeLog({ logLevel, data }: Pick<Config, 'logLevel' | 'data'>): Logger {
  const options = {
    level: logLevel,
    base: { pid: process.pid },
    redact: ['req', 'res', 'headers', '*.headers', 'body', '*.body'],
  };
  if (logLevel === 'silent') return pino(options);
  const level = logLevel as Level;
  const streams = [
    { level, stream: pino.destination(2) },
    { level, stream: new RecentLog(data) },
  ];
  return pino(options, pino.multistream(streams));
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
