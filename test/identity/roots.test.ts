import { describe, expect, test } from 'vitest';
import { acceptsRoot, insKindOf, legacyKindOf } from '../../src/identity/roots.ts';
import { ENVIRONMENTS } from '../../src/words/environment.ts';
import { ARC } from './person.ts';

describe('which environment accepts which root', () => {
  test.each([
    ['8', 'NIR', ['sandbox', 'production']],
    ['9', 'NIA', ['sandbox', 'production']],
    ['10', 'TEST', ['sandbox', 'test']],
    ['11', 'DEMO', ['sandbox', 'test']],
    ['13', null, []],
    ['14', null, []],
    ['2', null, []],
    ['6', null, []],
    ['7', null, []],
    ['80', null, []],
    ['1', null, []],
    ['12', null, []],
    ['8.1', null, []],
  ])('.%s is %s, accepted in %j', (suffix, kind, accepting) => {
    const root = `${ARC}.${suffix}`;
    expect(insKindOf(root)).toBe(kind);
    expect(ENVIRONMENTS.filter((environment) => acceptsRoot(environment, root))).toEqual(accepting);
  });

  test('spaces around a root are dropped, nothing else', () => {
    expect(insKindOf(` ${ARC}.8\n`)).toBe('NIR');
    expect(insKindOf(`urn:oid:${ARC}.8`)).toBeNull();
    expect(insKindOf(`${ARC}.08`)).toBeNull();
    expect(insKindOf('constructor')).toBeNull();
  });

  test.each([
    ['2', 'INS-C'],
    ['6', 'INS-C'],
    ['7', 'INS-C'],
    ['13', 'NSS'],
    ['14', 'NSS'],
    ['8', null],
    ['20', null],
  ])('.%s is taken for what it is: %s', (suffix, kind) => {
    expect(legacyKindOf(`${ARC}.${suffix}`)).toBe(kind);
  });
});
