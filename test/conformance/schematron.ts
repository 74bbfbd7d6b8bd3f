import type { Judged, RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import type { Comparison, Difference } from './comparison.ts';
import { schematronName } from './saxon.ts';

/** Left out of the reference verdicts, because Saxon stops on it for every document: see the README beside them. */
const UNJUDGED = 'ASIP-STRUCT-MIN-StrucMin';

/** For each Schematron the same set of messages and locations as Saxon. */
export function schematronComparison(sets: RuleSets): Comparison {
  return {
    name: 'schematron',
    differences({ truth, schematrons }, document) {
      if (!document) return [];
      const paths = schematrons.filter((path) => schematronName(path) !== UNJUDGED);
      const judged = sets.judge(document, paths);
      return paths.flatMap((path) => {
        const schema = schematronName(path);
        return ruleDifference(schema, judged, truth.failed[schema] ?? []) ?? [];
      });
    },
  };
}

/** What only one of the two verdicts of a Schematron says, as sets of message and location; null when nothing. */
export function ruleDifference(
  schema: string,
  judged: Judged,
  failed: readonly (readonly [message: string, location: string, ...rest: string[]])[],
): Pick<Difference, 'what' | 'ours' | 'theirs'> | null {
  const own = judged.findings.filter((one) => one.schema === schema);
  const ours = new Set(own.map(({ message, location }) => `${location}  ${message}`));
  const theirs = new Set(failed.map(([message, location]) => `${location}  ${message}`));
  const onlyOurs = [...ours].filter((line) => !theirs.has(line));
  const onlyTheirs = [...theirs].filter((line) => !ours.has(line));
  if (onlyOurs.length + onlyTheirs.length === 0) return null;
  return { what: schema, ours: listing(onlyOurs), theirs: listing(onlyTheirs) };
}

function listing(lines: readonly string[]): string {
  return lines.length === 0 ? 'nothing more' : lines.join('\n    ');
}
