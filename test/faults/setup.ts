import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { root } from '../house/reference.ts';
import { FILE_VARIABLE } from './marks.ts';

/** Names, to this process and those it starts, the file for the marks that the present test file reaches. */
const folder = process.env.VIADUC_TEST_FAULTS_FOLDER;
const { testPath } = expect.getState();
if (folder && testPath)
  process.env[FILE_VARIABLE] = join(folder, encodeURIComponent(relative(root, testPath)));
