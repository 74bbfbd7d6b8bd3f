import type { SchemaValidator } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';

/** Mean time of a step over the documents, in one thread, warm. */
export interface Timing {
  step: string;
  /** Best and middle of the rounds. */
  bestMs: number;
  medianMs: number;
}

const ROUNDS = 15;
const WARM_UP = 5;

/** Times each step of a validation apart, and all of them together. */
export function timings(validator: SchemaValidator, documents: Buffer[]): Timing[] {
  const trees = documents.map((bytes) => parseXml(bytes));
  return [
    timed('parsing', documents, (document) => parseXml(document)),
    timed('XSD on the parsed tree', trees, (tree) => validator.validate(tree)),
    timed('parsing and XSD', documents, (document) => validator.validate(parseXml(document))),
  ];
}

function timed<T>(step: string, inputs: readonly T[], run: (input: T) => unknown): Timing {
  const rounds: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (const input of inputs) run(input);
    if (round >= 0) rounds.push((performance.now() - start) / inputs.length);
  }
  rounds.sort((a, b) => a - b);
  return { step, bestMs: rounds[0]!, medianMs: rounds[Math.floor(ROUNDS / 2)]! };
}
