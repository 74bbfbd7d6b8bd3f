import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const found = [process.env.VIADUC_CHROMIUM ?? '', ...NAMES].find(
  (name) => name !== '' && spawnSync(name, ['--version']).status === 0,
);

/** Why tests in a browser are skipped, empty when they run. */
export const withoutBrowser = found ? '' : ' [skipped: no Chromium; set VIADUC_CHROMIUM]';

/** A browser without a window. */
export function openBrowser(): Promise<Browser> {
  const executablePath = spawnSync('which', [found!], { encoding: 'utf8' }).stdout.trim() || found!;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
