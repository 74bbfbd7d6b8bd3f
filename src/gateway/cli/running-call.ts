import { isReason } from '../../words/reason.ts';
import type { Config } from '../config.ts';
import { choice, text, UsageError, type Values } from './command.ts';
import { askGateway } from './gateway-call.ts';
import { runningGateway } from './ledgers.ts';

export type Language = 'fr' | 'en';
export type Call = <T>(path: string, json?: object) => Promise<T>;

/**
 * Asks the gateway that runs on the data folder of the configuration; `json` makes it a POST.
 * @throws UsageError when none runs
 */
export function runningCall(config: Config, language: Language): Call {
  const running = runningGateway(config);
  if (!running) throw new UsageError('no gateway runs on this data folder: this command goes through one');
  return (path, json) =>
    askGateway(config, running.http, path, { ...(json ? { method: 'POST', json } : {}), language });
}

/** In which language people are spoken to: French unless they ask. */
export function languageGiven(values: Values): Language {
  return choice(values, 'lang', ['fr', 'en'], 'fr');
}

/** Why somebody acts. @throws UsageError */
export function reasonGiven(values: Values): string {
  const reason = text(values, 'reason');
  if (reason === undefined || !isReason(reason))
    throw new UsageError('--reason TEXT says why, in at least 3 characters');
  return reason;
}

/** What a verb acts on. @throws UsageError */
export function idGiven(verb: string, id: string | undefined): string {
  if (id === undefined) throw new UsageError(`${verb} what? give its ID`);
  return encodeURIComponent(id);
}
