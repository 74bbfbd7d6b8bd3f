import { commands, usage } from './gateway/cli/commands.ts';
import { runCommand } from './gateway/cli/run.ts';

// Whoever reads the output may stop reading, as `head` does: what is not read is not missed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const [name, ...args] = process.argv.slice(2);
const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];

if (name === '--version') {
  const { product } = await import('./gateway/product.ts');
  console.log(`${product.name} ${product.version}`);
} else if (!load) {
  const asked = name === undefined || name === '--help' || name === 'help';
  (asked ? console.log : console.error)(await usage());
  process.exitCode = asked ? 0 : 2;
} else {
  process.exitCode = await runCommand(await load(), args);
}
