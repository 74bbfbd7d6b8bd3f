import { join } from 'node:path';
import { openEdition } from '../conformance/editions.ts';
import { sample } from '../gateway/running.ts';

/** One of the agency's examples, as the benches judge it. */
export interface BenchExample {
  bytes: Buffer;
  path: string;
  /** Paths in the pack. */
  schematrons: readonly string[];
}

/** The examples of edition 3-0. */
export function benchExamples(): { folder: string; examples: BenchExample[] } {
  const { folder, examples } = openEdition('3-0');
  return {
    folder,
    examples: examples.map(({ id, bytes, schematrons }) => ({
      ...{ bytes, schematrons, path: join(folder, 'ExemplesCDA', `${id}.xml`) },
    })),
  };
}

const CHAPTER = /<component>\s*<section>[\s\S]*?<\/section>\s*<\/component>\s*(?=<\/structuredBody>)/;

/** Our level-3 biology sample with its last chapter repeated until the document is so large. Identifiers stay unique. */
export function enlargedReport(megabytes: number): Buffer {
  const text = sample('biology-level3.xml').toString();
  const body = text.indexOf('<structuredBody');
  const chapters = CHAPTER.exec(text.slice(body))![0];
  const size = Math.ceil((megabytes * 2 ** 20 - Buffer.byteLength(text)) / Buffer.byteLength(chapters));
  const repeated = Array.from({ length: Math.max(0, size) }, (_, index) => renamed(chapters, index));
  const at = text.lastIndexOf('</structuredBody>');
  return Buffer.from(text.slice(0, at) + repeated.join('') + text.slice(at));
}

function renamed(chapter: string, index: number): string {
  return chapter.replace(/\b(ID="|value="#)([^"]+)/g, (_, before, id) => `${before}${id}-${index}`);
}
