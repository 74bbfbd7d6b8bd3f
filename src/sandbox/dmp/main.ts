// The simulator of the DMP as a process of its own.
import { runSimulator } from '../simulator-process.ts';
import { readOptions } from './options.ts';
import { startDmpSimulator } from './simulator.ts';

await runSimulator(async () => {
  const simulator = await startDmpSimulator(readOptions(process.argv.slice(2), process.env));
  return {
    addresses: { dmp: simulator.url, admin: simulator.adminUrl },
    close: () => simulator.close(),
  };
});
