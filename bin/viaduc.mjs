#!/usr/bin/env node
// The entry for any Node >= 18: makes sure that packages are there, then hands over to src/viaduc.ts on the pinned Node.
import { join } from 'node:path';
import { become, ensureInstalled, nodeFlags, rightNode, root } from './runtime.mjs';

ensureInstalled({ development: false });
become(rightNode(), [...nodeFlags, join(root, 'src', 'viaduc.ts'), ...process.argv.slice(2)]);
