// The operator of MSSanté with its mailboxes as a process of its own.
import { parseArgs } from 'node:util';
import { runSimulator } from '../simulator-process.ts';
import { readMailOptions } from './options.ts';
import { startMailWorld } from './world.ts';

const NAMES = ['smtp-port', 'imap-port', 'control-port', 'certificates', 'mailboxes'] as const;

await runSimulator(async () => {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  const world = await startMailWorld(readMailOptions(parseArgs({ options, strict: true }).values));
  const { host, smtpPort, imapPort, controlUrl: control } = world;
  return { addresses: { host, smtpPort, imapPort, control }, close: () => world.close() };
});
