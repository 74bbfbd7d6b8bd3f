import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Clone, COMPLETE, COMPLETE_FOR_DEVELOPMENT, type Made } from './clone.ts';

const made: Clone[] = [];
const clone = (how: Made): Clone => {
  const one = new Clone(how);
  made.push(one);
  return one;
};

afterEach(() => {
  for (const { folder } of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const CI = 'ci --ignore-scripts --no-audit --no-fund';

describe('what is installed', () => {
  test('nothing, and no npm is asked, when everything is there', () => {
    const { status, npm } = clone({ present: COMPLETE, pinned: true }).run([]);
    expect({ status, npm }).toEqual({ status: 0, npm: [] });
  });

  test('everything but development packages on a fresh clone, without scripts', () => {
    const { npm, stderr } = clone({}).run([], { version: '20.11.0' });
    expect(npm).toEqual([`${CI} --omit=dev`]);
    expect(stderr).toContain('installing packages (needed 1.2.0)');
  });

  test('a package of another version than the lockfile names', () => {
    expect(clone({ present: { 'node_modules/needed': '1.1.0' }, pinned: true }).run([]).npm).toHaveLength(1);
  });

  test('the pinned Node, when only that is missing and this is another', () => {
    const { npm, stderr } = clone({ present: COMPLETE }).run([], { version: '20.11.0' });
    expect(npm).toHaveLength(1);
    expect(stderr).toMatch(/installing packages \(node-\w+-\w+ 24\.9\.9\)/);
  });

  test('nothing when the pinned Node is missing and this is Node 24', () => {
    expect(clone({ present: COMPLETE }).run([], { version: '24.0.0' }).npm).toEqual([]);
  });

  test('development packages only for tools', () => {
    const withoutTools = clone({ present: COMPLETE, pinned: true });
    expect(withoutTools.run(['node', '-e', ''], { entry: 'run.mjs' }).npm).toEqual([CI]);
    const withTools = clone({ present: COMPLETE_FOR_DEVELOPMENT, pinned: true });
    expect(withTools.run(['node', '-e', ''], { entry: 'run.mjs' }).npm).toEqual([]);
  });

  test('a failing npm ends the command with its status in words', () => {
    const { status, stderr } = clone({ npmStatus: 7 }).run([]);
    expect(status).toBe(2);
    expect(stderr).toContain(`npm ${CI} --omit=dev ended with status 7`);
    expect(stderr).not.toContain('    at ');
  });
});

describe('which Node runs it', () => {
  test('the pinned one, whatever this one is', () => {
    for (const version of ['18.0.0', '20.11.0', '24.0.0', '26.0.0']) {
      const one = clone({ present: COMPLETE, pinned: true });
      const { flags, path } = JSON.parse(one.run(['a', 'b c'], { version }).stdout) as {
        flags: string[];
        path: string;
      };
      expect(
        path.startsWith(join(one.folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')),
      ).toBe(true);
      expect(flags).toContain('--disable-warning=ExperimentalWarning');
    }
  });

  test('this one, when it is Node 24 and none is pinned', () => {
    const { status, stdout } = clone({ present: COMPLETE }).run(['a', 'b c'], { version: '24.1.0' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ execPath: process.execPath, args: ['a', 'b c'] });
  });

  test('none, said in words, when neither is there even after installing', () => {
    const { status, stderr, npm } = clone({ present: COMPLETE }).run([], { version: '20.11.0' });
    expect(npm).toHaveLength(1);
    expect(status).toBe(2);
    expect(stderr).toContain('this needs Node 24');
    expect(stderr).toContain('this is Node 20.11.0');
  });
});

describe('how it ends', () => {
  test.each([0, 1, 2, 3])('with status %i as the program did', (status) => {
    expect(clone({ present: COMPLETE, pinned: true }).run(['exit', String(status)]).status).toBe(status);
  });

  test('by the signal that ended the program', () => {
    expect(clone({ present: COMPLETE, pinned: true }).run(['die', 'SIGTERM']).signal).toBe('SIGTERM');
  });
});

describe('a tool', () => {
  test('that is not there is named', () => {
    const { status, stderr } = clone({ present: COMPLETE_FOR_DEVELOPMENT, pinned: true }).run(['vitest'], {
      entry: 'run.mjs',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('no tool named vitest');
  });

  test('that is not given is asked for', () => {
    const { status, stderr } = clone({ present: COMPLETE_FOR_DEVELOPMENT, pinned: true }).run([], {
      entry: 'run.mjs',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('usage: node bin/run.mjs');
  });
});
