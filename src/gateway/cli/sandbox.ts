import { readConfig } from '../config.ts';
import { startGateway } from '../gateway.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { untilStopped } from './serve.ts';
import { tour } from './tour.ts';

export const sandbox: Command = {
  summary: 'the gateway with simulated national services, and samples to watch it with',
  usage: `sandbox start [--once]

Starts the gateway and the simulators on loopback, sends the samples through once and shows what became of them; --once
ends when every delivery has come to rest.`,
  options: { once: { type: 'boolean' } },
  async run(values, [verb]) {
    if (verb !== 'start') throw new UsageError('sandbox start');
    const gateway = await startGateway({ ...readConfig(), logLevel: process.env.VIADUC_LOG ?? 'warn' });
    const asExpected = await tour(gateway);
    if (values.once) await gateway.close();
    else {
      console.log('\nCtrl-C pour arrêter.');
      await untilStopped(gateway);
    }
    return asExpected ? EXIT.done : EXIT.invalid;
  },
};
