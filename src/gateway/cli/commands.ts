import type { Command } from './command.ts';

/** Every command by its name, loaded when it is asked for: judging one document does not wait for the gateway to load. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  validate: async () => (await import('./validate.ts')).validate,
  replay: async () => (await import('./replay.ts')).replay,
  packs: async () => (await import('./packs.ts')).packs,
  indicators: async () => (await import('./indicators.ts')).indicators,
  stays: async () => (await import('./stays.ts')).stays,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  ledger: async () => (await import('./ledger.ts')).ledger,
  person: async () => (await import('./person.ts')).person,
  retention: async () => (await import('./retention.ts')).retention,
  destinations: async () => (await import('./destinations.ts')).destinations,
  alarms: async () => (await import('./alarms.ts')).alarms,
  holds: async () => (await import('./holds.ts')).holds,
  mssante: async () => (await import('./mssante.ts')).mssante,
  retry: async () => (await import('./retry.ts')).retry,
  upgrade: async () => (await import('./upgrade.ts')).upgrade,
  doctor: async () => (await import('./doctor.ts')).doctor,
  'support-bundle': async () => (await import('./support-bundle.ts')).supportBundle,
  sandbox: async () => (await import('./sandbox.ts')).sandbox,
};

export async function usage(): Promise<string> {
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => ({ name, summary: (await load()).summary })),
  );
  const lines = loaded.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`);
  return `usage: viaduc <command> [option…]\n\n${lines.join('\n')}\n\n'viaduc <command> --help' says more. Exit status: 0 done or all valid, 1 something invalid\nor refused, 2 wrong use or unreadable input, 3 not judged.`;
}
