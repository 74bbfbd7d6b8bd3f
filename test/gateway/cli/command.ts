import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../running.ts';

export interface Ran {
  status: number | null;
  out: string;
  err: string;
}

/** Runs `viaduc` as a person does, in a process of its own, without colours. */
export function viaduc(args: readonly string[], variables: Record<string, string> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'src', 'viaduc.ts'), ...args],
    {
      cwd: repository,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NODE_NO_WARNINGS: '1', NO_COLOR: '1', ...variables },
    },
  );
  return { status, out: stdout, err: stderr };
}
