// Opens a pack in this process as a gateway does, judges its examples, and prints what that took:
// `node test/load/open-pack.ts FOLDER CACHE`. Run by validation.ts.
import { Judge } from '../../src/checks/judge.ts';
import { benchExamples } from './examples.ts';

const [folder, cache] = process.argv.slice(2);
const { examples } = benchExamples();
const began = performance.now();
const judge = await Judge.open({
  environment: 'sandbox',
  rules: { packs: [{ folder: folder!, from: null, until: null }], cache: cache!, problems: 'report' },
  installation: { sourceId: '2.25.1', product: { name: 'Viaduc', version: '0' } },
});
const ms = performance.now() - began;
for (const { bytes } of examples) await judge.judge({ bytes, brought: null });
console.log(JSON.stringify({ ms, residentBytes: process.memoryUsage.rss() }));
