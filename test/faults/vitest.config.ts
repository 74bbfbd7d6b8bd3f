import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** As every run of the tests, except that it can tell which marks a test file reaches, and keeps nothing beside the copy. */
const root = join(import.meta.dirname, '..', '..');
const { reporters: _reporters, ...shared } = base.test!;
export default mergeConfig(
  { test: shared },
  defineConfig({
    root,
    cacheDir: join(root, '.cache'),
    test: { setupFiles: ['test/faults/setup.ts'] },
  }),
);
