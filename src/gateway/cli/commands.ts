import type { Command } from './command.ts';
import { indicators } from './indicators.ts';
import { ledger } from './ledger.ts';
import { packs } from './packs.ts';
import { replay } from './replay.ts';
import { sandbox } from './sandbox.ts';
import { serve } from './serve.ts';
import { stays } from './stays.ts';
import { validate } from './validate.ts';

export const commands: Readonly<Record<string, Command>> = {
  serve,
  validate,
  replay,
  packs,
  indicators,
  stays,
  ledger,
  sandbox,
};

export function usage(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return `usage: viaduc <command> [option…]\n\n${lines.join('\n')}\n\n'viaduc <command> --help' says more. Exit status: 0 done or all valid, 1 something invalid\nor refused, 2 wrong use or unreadable input, 3 not judged.`;
}
