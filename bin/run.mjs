#!/usr/bin/env node
// Runs a development tool (vitest, tsc, biome, a script of test/) with the pinned Node: `node bin/run.mjs vitest run`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { become, ensureInstalled, fail, nodeFlags, rightNode, root } from './runtime.mjs';

const packages = { vitest: 'vitest', biome: '@biomejs/biome', tsc: 'typescript' };
const [tool, ...args] = process.argv.slice(2);
if (!tool) fail('usage: node bin/run.mjs <vitest|biome|tsc|node> [argument…]');

ensureInstalled({ development: true });
become(rightNode(), [...nodeFlags, ...(tool === 'node' ? [] : [scriptOf(tool)]), ...args]);

function scriptOf(name) {
  const folder = join(root, 'node_modules', packages[name] ?? name);
  if (!existsSync(folder)) fail(`no tool named ${name}`);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}
