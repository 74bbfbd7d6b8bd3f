import { spawnSync } from 'node:child_process';

/** Whether a program can be used here; a missing one fails the run in CI and is told elsewhere. */
export function usable(program: string, args: string[]): string | null {
  const tried = spawnSync(program, args);
  const why = tried.error
    ? `${program} is not installed`
    : tried.status === 0
      ? null
      : `${program} may not be used here`;
  if (why && process.env.CI === 'true' && tried.error) throw new Error(why);
  return why;
}
