import type { SchemaValidator } from '../../src/validation/schema/validate.ts';
import type { Finding } from '../../src/words/findings.ts';
import type { Comparison } from './comparison.ts';

/** Same verdict, valid or not, as Xerces. */
export function xsdComparison(validator: SchemaValidator): Comparison {
  return {
    name: 'xsd',
    differences({ truth }, document) {
      const findings = document ? validator.validate(document) : null;
      const invalid = findings === null || findings.length > 0;
      if (invalid === truth.xsd > 0) return [];
      return [{ what: 'xsd', ours: described(findings), theirs: `${truth.xsd} errors` }];
    },
  };
}

function described(findings: readonly Finding[] | null): string {
  if (findings === null) return 'not well-formed';
  if (findings.length === 0) return 'valid';
  return findings
    .map(({ code, line, column, detail }) => `${line}:${column} ${code} ${detail}`)
    .join('\n    ');
}
