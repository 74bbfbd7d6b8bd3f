import { XmlError } from '../../src/xml/errors.ts';
import { parseXml } from '../../src/xml/parse.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';
import type { Case } from './cases.ts';

/** Where our verdict on a document is not that of the reference. */
export interface Difference {
  id: string;
  op: string | null;
  /** What was compared: `xsd`, or the name of a Schematron. */
  what: string;
  ours: string;
  theirs: string;
}

/** One way of judging documents, held against the reference. */
export interface Comparison {
  /** What is compared: `xsd`, `schematron`. */
  name: string;
  /** @param document null when the bytes are not XML to our parser */
  differences(one: Case, document: XmlDocument | null): Omit<Difference, 'id' | 'op'>[];
}

export interface Total {
  what: string;
  /** `examples` or `mutants`. */
  of: string;
  cases: number;
  agree: number;
}

/** Runs comparisons over cases, one after the other. */
export function compare(
  of: string,
  cases: readonly Case[],
  comparisons: readonly Comparison[],
): { totals: Total[]; differences: Difference[] } {
  const totals = comparisons.map(({ name }) => ({
    what: name,
    of,
    cases: cases.length,
    agree: cases.length,
  }));
  const differences: Difference[] = [];
  for (const one of cases) {
    const document = parsed(one.read());
    for (const [index, comparison] of comparisons.entries()) {
      const found = comparison.differences(one, document);
      if (found.length > 0) totals[index]!.agree -= 1;
      differences.push(...found.map((difference) => ({ id: one.id, op: one.op, ...difference })));
    }
  }
  return { totals, differences };
}

function parsed(bytes: Buffer): XmlDocument | null {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}
