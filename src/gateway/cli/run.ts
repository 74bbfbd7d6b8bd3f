import { parseArgs } from 'node:util';
import { fill, isViaducError } from '../../words/errors.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { Refusal } from './gateway-call.ts';

/** Runs a command: reads its options, prints its help, and says what went wrong in words. */
export async function runCommand(command: Command, args: string[]): Promise<number> {
  try {
    const options = { ...command.options, help: { type: 'boolean' as const, short: 'h' } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) {
      console.log(`${command.summary}\n\nusage: viaduc ${command.usage}`);
      return EXIT.done;
    }
    return await command.run(values, positionals);
  } catch (error) {
    return explain(error, command);
  }
}

function explain(error: unknown, command: Command): number {
  if (isViaducError(error)) {
    console.error(
      `viaduc: ${error.message} [${error.code}]\n        ${fill(error.entry.remedy.en, error.values)}`,
    );
    for (const other of problemsOf(error)) console.error(`viaduc: ${other.message} [${other.code}]`);
    return error.class === 'not-judged' ? EXIT.notJudged : EXIT.usage;
  }
  if (error instanceof Refusal) {
    console.error(`viaduc: ${error.message} [${error.code}]${error.remedy && `\n        ${error.remedy}`}`);
    return EXIT.invalid;
  }
  const { message, code } = error as Error & { code?: string };
  if (!(error instanceof UsageError) && !code?.startsWith('ERR_PARSE_ARGS') && code !== 'ENOENT') throw error;
  console.error(`viaduc: ${message}\nusage: viaduc ${command.usage}`);
  return EXIT.usage;
}

/** An error that gathers several tells them all; the first has been told. */
function problemsOf(error: Error): { message: string; code: string }[] {
  return 'problems' in error && Array.isArray(error.problems) ? error.problems.slice(1) : [];
}
