import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface PythonPart {
  type: string;
  params: Record<string, string>;
  disposition: string | null;
  name: string | null;
  encoding: string;
  sha256: string | null;
  text: string | null;
}

/** What Python's email package makes of a mail. */
export interface PythonMail {
  headers: [name: string, value: string][];
  type: string;
  reportType: string | null;
  parts: PythonPart[];
  defects: string[];
}

/** Mails as Python's email package reads them; null where there is no Python, which a run under CI does not accept. */
export function readByPython(mails: readonly Buffer[]): PythonMail[] | null {
  const { error, status, stdout, stderr } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'read_mails.py')],
    { input: JSON.stringify(mails.map((one) => one.toString('base64'))), maxBuffer: 100_000_000 },
  );
  if (error && !process.env.CI) {
    console.log('skipped: mails read by another library (no python3)');
    return null;
  }
  if (error || status !== 0) throw new Error(`python3: ${error?.message ?? stderr.toString()}`);
  return JSON.parse(stdout.toString()) as PythonMail[];
}
