import { XmlError } from '../xml/errors.ts';
import { parseXml } from '../xml/parse.ts';
import { attribute, child, children, placeOf } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { dateOf, endOf, type Publication, type PublishedCode, unreadable } from './published-set.ts';

const SVS = 'urn:ihe:iti:svs:2008';

/**
 * Reads a value set in the form of the agency's packs: the answer of IHE's Sharing Value Sets, with dates of its own.
 * @throws ViaducError `xds.value-set-unreadable`
 */
export function readSvs(file: string, bytes: Uint8Array): Publication {
  const document = treeOf(file, bytes);
  const set = child(child(document, 'RetrieveValueSetResponse', SVS), 'ValueSet', SVS);
  if (!set)
    throw unreadable(file, {
      fr: 'la racine n’est pas un RetrieveValueSetResponse avec un ValueSet',
      en: 'the root is no RetrieveValueSetResponse with a ValueSet',
      line: 1,
    });
  const oid = attribute(set, 'id');
  const edition = editionOf(set);
  const date = dateOf(edition);
  const { line } = placeOf(document, set);
  if (!oid)
    throw unreadable(file, {
      fr: 'le jeu ne dit pas son OID (id)',
      en: 'the set does not say its OID (id)',
      line,
    });
  if (!edition || !date)
    throw unreadable(file, {
      fr: 'le jeu ne dit pas la date de son édition (revisionDate, dateMaj)',
      en: 'the set does not say the date of its edition (revisionDate, dateMaj)',
      line,
    });
  const name = (attribute(set, 'displayName') ?? '').replace(/\.tabs$/, '');
  const codes = codesOf(file, document, set);
  return { name, oid, edition, date, endsAt: endOf(attribute(set, 'dateFin')), codes, pairs: [] };
}

function treeOf(file: string, bytes: Uint8Array): XmlDocument {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw unreadable(file, { ...error.words, line: error.line }, error);
  }
}

/** The date of the last change; `version` is sometimes the word "test", and stands only where it is a date. */
function editionOf(set: XmlElement): string | null {
  const named = ['dateMaj', 'revisionDate', 'version', 'effectiveDate', 'dateValid'];
  return named.map((name) => attribute(set, name)).find((text) => dateOf(text) !== null) ?? null;
}

function codesOf(file: string, document: XmlDocument, set: XmlElement): PublishedCode[] {
  const concepts = children(child(set, 'ConceptList', SVS), 'Concept', SVS);
  const { line } = placeOf(document, set);
  if (concepts.length === 0)
    throw unreadable(file, { fr: 'le jeu n’a aucun code', en: 'the set has no code', line });
  return concepts.map((concept) => {
    const code = attribute(concept, 'code');
    const scheme = attribute(concept, 'codeSystem');
    if (code && scheme) return { code, scheme, endsAt: endOf(attribute(concept, 'dateFin')) };
    throw unreadable(file, {
      fr: 'un Concept n’a pas de code ou pas de codeSystem',
      en: 'a Concept has no code or no codeSystem',
      line: placeOf(document, concept).line,
    });
  });
}
