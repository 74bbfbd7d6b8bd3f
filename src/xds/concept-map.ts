import { schemeOf } from './code-systems.ts';
import { parseJson } from './fhir-value-set.ts';
import { dateOf, type Pair, type Publication, unreadable } from './published-set.ts';

/** The members of a FHIR R4 ConceptMap that are read here. */
interface ConceptMap {
  resourceType: 'ConceptMap';
  name?: string;
  id?: string;
  identifier?: { value?: string };
  version?: string;
  status?: string;
  date?: string;
  group?: { source?: string; target?: string; element?: Element[] }[];
}

interface Element {
  code?: string;
  target?: { code?: string }[];
}

/** Whether a JSON text is a correspondence rather than a value set. */
export function isConceptMap(text: string): boolean {
  return /"resourceType"\s*:\s*"ConceptMap"/.test(text);
}

/**
 * Reads a correspondence (ASS) in the form of the national terminology server.
 * @throws ViaducError `xds.value-set-unreadable`
 */
export function readConceptMap(file: string, text: string): Publication {
  const map = parseJson(file, text) as ConceptMap;
  const oid = map.identifier?.value?.replace(/^urn:oid:/, '');
  if (!oid)
    throw unreadable(file, {
      fr: 'la correspondance ne dit pas son OID (identifier)',
      en: 'the correspondence does not say its OID (identifier)',
    });
  const date = dateOf(map.date) ?? dateOf(map.version);
  if (date === null)
    throw unreadable(file, {
      fr: 'la correspondance ne dit pas sa date (date)',
      en: 'the correspondence does not say its date (date)',
    });
  const endsAt = map.status === 'retired' ? Date.parse(date) : null;
  const name = map.name ?? map.id ?? '';
  return { name, oid, edition: map.version ?? date, date, endsAt, codes: [], pairs: pairsOf(file, map) };
}

function pairsOf(file: string, { group = [] }: ConceptMap): Pair[] {
  const pairs = group.flatMap(({ source = '', element = [] }) => {
    const scheme = schemeOf(source);
    return element.flatMap(({ code, target = [] }) => {
      const to = target[0]?.code;
      return code && to ? [{ code, scheme, to }] : [];
    });
  });
  if (pairs.length > 0) return pairs;
  throw unreadable(file, {
    fr: 'la correspondance ne relie aucun code',
    en: 'the correspondence maps no code',
  });
}
