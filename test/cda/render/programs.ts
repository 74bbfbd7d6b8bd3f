import { execFileSync, spawnSync } from 'node:child_process';

const missing = ['pdftotext', 'qpdf'].filter((name) => spawnSync(name, ['--version']).error);

/** Why PDF files are not read by other programs, empty when they are. */
export const withoutReaders = missing.length > 0 ? ` [skipped: no ${missing.join(', ')}]` : '';

if (withoutReaders && process.env.CI) throw new Error(`not installed: ${missing.join(', ')}`);

const RUN_MS = 60_000;

/** The text of each page, in the order in which it was drawn, without white space. */
export function pagesOf(pdf: Buffer): string[] {
  const args = ['-raw', '-enc', 'UTF-8', '-', '-'];
  const text = execFileSync('pdftotext', args, { input: pdf, encoding: 'utf8', timeout: RUN_MS });
  return text.split('\f').slice(0, -1).map(squeezed);
}

export function squeezed(text: string): string {
  return text.replace(/\s+/g, '').normalize('NFC');
}

/** What qpdf has against a file, empty when it has nothing. */
export function faultsOf(file: string): string {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', file], {
    encoding: 'utf8',
    timeout: RUN_MS,
  });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
