import { expect, test } from 'vitest';
import { sameName } from '../../src/words/person-name.ts';

test.each([
  ['alice', 'Alice'],
  [' Alice ', 'Alice'],
  ['Zoé Le Goff', 'ZOE LE-GOFF'],
  ['Zoe\u0301', 'Zo\u00e9'],
  ['Alice\u200b', 'Alice'],
  ['Anne Marie', 'Annemarie'],
])('%j and %j are one person', (one, other) => {
  expect(sameName(one, other)).toBe(true);
});

test.each([
  ['Alice', 'Alix'],
  ['Alice 1', 'Alice 2'],
  ['Anne', 'Anne Marie'],
])('%j and %j are two', (one, other) => {
  expect(sameName(one, other)).toBe(false);
});
