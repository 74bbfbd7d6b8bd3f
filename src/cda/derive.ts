import type { DocumentFacts, InstanceIdentifier } from '../words/document.ts';

/** Issuer of the identifiers of health structures: `1` + FINESS, `3` + SIRET and the like. */
export const STRUCTURE_ROOT = '1.2.250.1.71.4.2.2';

/**
 * When the care that a document tells of began, an HL7 time stamp as written: the main act, which is the first
 * `documentationOf` (CI-SIS minimal structure), else the encounter, else the document itself.
 */
export function serviceTimeOf(facts: DocumentFacts): string | null {
  return (
    facts.serviceEvents[0]?.effectiveTime.low ?? facts.encounter?.effectiveTime.low ?? facts.effectiveTime
  );
}

/** Identifiers of the exams of a document, each once: its acts, then the orders it answers, as `root^extension`, or `root`. */
export function examIdsOf(facts: DocumentFacts): string[] {
  const ids = [...facts.serviceEvents.flatMap((event) => event.ids), ...facts.orders];
  return [...new Set(ids.map(written))];
}

function written({ root, extension }: InstanceIdentifier): string {
  return extension === null ? root : `${root}^${extension}`;
}

/** National identifiers of the structures of the authors, each once, in document order. */
export function authorStructuresOf(facts: DocumentFacts): string[] {
  const ids = facts.authors.flatMap((author) => author.organization?.ids ?? []);
  return [
    ...new Set(ids.flatMap((id) => (id.root === STRUCTURE_ROOT && id.extension ? [id.extension] : []))),
  ];
}
