import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './sample.ts';

/** Environment variable that names the file for the marks which a test file and the processes it starts reach. */
export const FILE_VARIABLE = 'VIADUC_TEST_FAULTS_FILE';

/** Appends the number of each mark, once a process, to the file that the running test file named. */
const REACHED = `import { appendFileSync } from 'node:fs';
const seen = new Set();
export function reached(number) {
  const file = process.env.${FILE_VARIABLE};
  if (!file || seen.has(file + number)) return;
  seen.add(file + number);
  appendFileSync(file, number + '\\n');
}
`;

/** Puts a mark at the place of every fault into a copy of the tree; `restore` gives the files back as they were. */
export function putMarks(copy: string, faults: readonly Fault[]): { restore(): void } {
  const module = join(copy, 'reached.mjs');
  writeFileSync(module, REACHED);
  const numbered = faults.map((fault, number) => ({ ...fault, number }));
  const originals = [...Map.groupBy(numbered, ({ file }) => file)].map(([file, inFile]) => {
    const path = join(copy, file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, `import { reached as reached_ } from '${module}'; ${withMarks(source, inFile)}`);
    return { path, source };
  });
  return {
    restore() {
      for (const { path, source } of originals) writeFileSync(path, source);
    },
  };
}

/** Insertions by their offset, the outer before the inner where two begin together. */
export function withMarks(
  source: string,
  faults: readonly (Pick<Fault, 'mark'> & { number: number })[],
): string {
  const insertions = faults.flatMap(({ mark, number }) =>
    'statement' in mark
      ? [{ at: mark.statement, text: ` reached_(${number}); ` }]
      : [
          { at: mark.expression[0], text: `(reached_(${number}), ` },
          { at: mark.expression[1], text: ')' },
        ],
  );
  const sorted = insertions.toSorted((a, b) => b.at - a.at);
  return sorted.reduce((text, { at, text: put }) => text.slice(0, at) + put + text.slice(at), source);
}

/** Numbers of the marks that each test file reached, by the name under which it wrote them. */
export function readReached(folder: string): Map<string, Set<number>> {
  return new Map(
    readdirSync(folder).map((name) => [
      decodeURIComponent(name),
      new Set(readFileSync(join(folder, name), 'utf8').trim().split('\n').map(Number)),
    ]),
  );
}
