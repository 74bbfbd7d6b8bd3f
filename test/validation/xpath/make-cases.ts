// Evaluates the expressions of questions.ts by Saxon-HE and writes what it says to cases.jsonl:
// `node bin/run.mjs node test/validation/xpath/make-cases.ts`, with a Java runtime and Debian's libsaxonhe-java.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutSaxon } from '../../conformance/saxon.ts';
import { askedOfSaxon } from './asked.ts';

const reason = withoutSaxon();
if (reason) throw new Error(reason);
const cases = await askedOfSaxon();
const rows = cases.map((one) => JSON.stringify(one));
writeFileSync(join(import.meta.dirname, 'cases.jsonl'), `${rows.join('\n')}\n`);
console.log(`${cases.length} cases, ${cases.filter(({ error }) => error).length} of them errors`);
