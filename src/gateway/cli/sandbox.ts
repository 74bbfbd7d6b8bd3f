import { readConfig } from '../config.ts';
import { startGateway } from '../gateway.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { type SendOptions, sendFiles } from './sandbox-send.ts';
import { untilStopped } from './serve.ts';
import { tour } from './tour.ts';

export const sandbox: Command = {
  summary: 'the gateway with simulated national services, and samples to watch it with',
  usage: `sandbox start [--once]
       viaduc sandbox send FILE... [--to HOST:PORT] [--times N] [--rate N] [--charset SET] [--keep] [--listen PORT [--wait S]]

Starts the gateway and the simulators on loopback, sends the samples through once and shows what became of them; --once
ends when every delivery has come to rest.

send plays files of HL7 v2 messages to the gateway that runs on this data folder (or --to), framed for MLLP, and prints what
is answered. MSH-10 is new each time unless --keep; --charset utf-8, iso-8859-15 or iso-8859-1 writes them in that set; --times
sends all of them N times, --rate so many a second instead of one after the other; --listen takes ZAM messages on a port
(senders[].notices in viaduc.yaml) for --wait seconds after the last one (10).`,
  options: {
    once: { type: 'boolean' },
    to: { type: 'string' },
    times: { type: 'string' },
    rate: { type: 'string' },
    charset: { type: 'string' },
    keep: { type: 'boolean' },
    listen: { type: 'string' },
    wait: { type: 'string' },
  },
  async run(values, [verb, ...files]) {
    if (verb === 'send') return sendFiles(files, values as SendOptions);
    if (verb !== 'start' || files.length > 0) throw new UsageError('sandbox start or sandbox send FILE...');
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
