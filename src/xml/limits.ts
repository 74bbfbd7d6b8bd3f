import { limits } from '../words/limits.ts';

export const xmlLimits = limits({
  depth: {
    value: 256,
    unit: 'levels',
    why: 'the deepest official example has fewer than 40; deeper trees are made to exhaust a stack',
  },
  scopes: {
    value: 10_000,
    unit: 'different sets of namespace bindings',
    why: 'each costs some 3 KB; a document has a few, whatever its tool repeats on every element',
  },
  nodes: {
    value: 4_000_000,
    unit: 'elements and attributes',
    why: 'a structured document of 50 MB holds about two million; the tree costs some 150 bytes a node',
  },
});
