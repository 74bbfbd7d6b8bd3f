import type { Pack } from '../../src/validation/packs.ts';
import { compileSchema } from '../../src/validation/schema/compile.ts';
import { Components } from '../../src/validation/schema/components.ts';
import { examine } from '../../src/validation/schema/examine.ts';
import { Libxml2 } from '../../src/validation/schema/libxml2.ts';
import { SchemaReport } from '../../src/validation/schema/report.ts';
import { checkTyped } from '../../src/validation/schema/typed-checks.ts';
import { SchemaTypes } from '../../src/validation/schema/types.ts';
import type { SchemaValidator } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';

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
export async function timings(
  pack: Pack,
  validator: SchemaValidator,
  documents: Buffer[],
): Promise<Timing[]> {
  const trees = documents.map((bytes) => parseXml(bytes));
  const libxml2 = await Libxml2.open();
  const bytes = new Map([...pack.schema.documents].map(([path, document]) => [path, document.bytes]));
  const schema = compileSchema(libxml2, { main: pack.schema.main, bytes });
  const types = new SchemaTypes(new Components(pack.schema.documents, pack.schema.main));
  const about = { schema: pack.schema.name, pack: pack.id };
  const check = (tree: XmlDocument) => checkTyped(tree, types, new SchemaReport(tree, about));
  return [
    timed('parsing by libxml2', trees, (tree) => libxml2.freeDocument(libxml2.parse(tree.utf8))),
    timed('parsing and XSD by libxml2', trees, (tree) => examine(libxml2, schema, tree.utf8)),
    timed('identifiers, URIs, text-only types', trees, check),
    timed('validate(), all of these', trees, (tree) => validator.validate(tree)),
    timed('our own parser, for comparison', documents, (document) => parseXml(document)),
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
