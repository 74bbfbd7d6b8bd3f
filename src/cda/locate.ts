import type { Place } from '../words/findings.ts';
import { children, placeOf } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';

const STEP = /^(\w+)(?:\[(\d+)\])?$/;

/**
 * Makes the function that rooms above use to point into a document they only know by its facts. It takes a path of local
 * names below ClinicalDocument, `[n]` where n > 1, such as `recordTarget/patientRole/id[2]`, and gives the place of that
 * element, or of the nearest element above it that exists: where something is missing, that is where it is missing.
 */
export function locator(document: XmlDocument, clinicalDocument: XmlElement | null): (path: string) => Place {
  return (path) => {
    const element = clinicalDocument && follow(clinicalDocument, path);
    return element ? placeOf(document, element) : { line: null, column: null, location: null };
  };
}

function follow(from: XmlElement, path: string): XmlElement {
  let element = from;
  for (const step of path.split('/')) {
    const [, local, position] = STEP.exec(step) ?? [];
    const next = local === undefined ? undefined : children(element, local)[Number(position ?? 1) - 1];
    if (!next) return element;
    element = next;
  }
  return element;
}
