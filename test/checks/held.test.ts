import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Checks } from '../../src/checks/checked.ts';
import { openChecks } from '../../src/checks/pool.ts';

/** Longest time for which the event loop of the caller may be held, in milliseconds. */
const LONGEST_MS = 20;

const root = join(import.meta.dirname, '..', '..');

let checks: Checks;
beforeAll(async () => {
  checks = await openChecks({
    environment: 'test',
    rules: {
      packs: [{ folder: join(root, 'profiles', 'packs', 'viaduc'), from: null, until: null }],
      cache: null,
      problems: 'refuse',
    },
    installation: { sourceId: '1.2.3', product: { name: 'Viaduc', version: '0' } },
    workers: 2,
    budgetMs: 60_000,
  });
}, 60_000);
afterAll(() => checks.close());

const sample = (name: string) => readFileSync(join(root, 'samples', 'documents', name), 'utf8');

/** A report whose file is of some bytes. */
function large(bytes: number): Buffer {
  const [before, after] = sample('biology-level1.xml').split(/(?<=<text\b[^>]*>)[^<]*(?=<\/text>)/);
  return Buffer.from(`${before}${Buffer.alloc(bytes, 'JVBERi0xLjQK').toString('latin1')}${after}`);
}

/** A letter with so many sections that each hold a date which is none. */
function wrong(count: number): Buffer {
  const section =
    '<component><section><entry><act><effectiveTime value="20261345"/></act></entry></section></component>';
  return Buffer.from(
    sample('discharge-letter.xml').replace('</structuredBody>', `${section.repeat(count)}</structuredBody>`),
  );
}

/**
 * The longest turn of the event loop while something is awaited, in milliseconds of this thread's processor time: what
 * other programs take of the machine is not in it.
 */
async function longestTurn(awaited: Promise<unknown>): Promise<number> {
  let longest = 0;
  let began = process.threadCpuUsage();
  let ended = false;
  const turn = () => {
    const { user, system } = process.threadCpuUsage(began);
    longest = Math.max(longest, (user + system) / 1_000);
    began = process.threadCpuUsage();
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await awaited;
  await new Promise((resolve) => setImmediate(resolve));
  ended = true;
  return longest;
}

const judged = (bytes: Buffer) => checks.judge({ bytes, brought: null });

test('judging documents never holds the event loop of the caller: samples, ten megabytes, two thousand mistakes', async () => {
  const names = ['biology-level3.xml', 'discharge-letter.xml', 'imaging-report.xml', 'operative-report.xml'];
  const documents = [...names.map((name) => Buffer.from(sample(name))), large(10_000_000), wrong(2_000)];
  await Promise.all(documents.map(judged));
  const all = Promise.all([...documents, ...documents].map(judged));
  const longest = await longestTurn(all);
  expect(longest).toBeLessThan(LONGEST_MS);
  const judgements = (await all).slice(0, documents.length).map(({ verdict }) => verdict);
  expect(judgements.map(({ judgement }) => judgement)).not.toContain('not-judged');
  expect(judgements.at(-1)!.findings.length).toBeGreaterThan(900);
}, 120_000);

test('what holds the loop would be seen', async () => {
  const busy = new Promise<void>((resolve) => {
    setImmediate(() => {
      const began = process.threadCpuUsage();
      while (process.threadCpuUsage(began).user < 2 * LONGEST_MS * 1_000);
      resolve();
    });
  });
  expect(await longestTurn(busy)).toBeGreaterThan(LONGEST_MS);
});
