import type { PublishedSet } from './published-set.ts';
import type { DocumentType, Tables } from './tables.ts';

/** The correspondence that is of the DMP comes last: of two that know a type it is the one that counts. */
const ORDER = ['ASS_A11', 'ASS_X04', 'ASS_X16'];

/**
 * Our tables with what the correspondences of the operator say: the class of a document type, the format of a template. What
 * they do not name stays as it was.
 */
export function withCorrespondences(tables: Tables, published: readonly PublishedSet[]): Tables {
  const maps = published
    .filter(({ role }) => role === 'corresponds')
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  return maps.reduce(withMap, tables);
}

function rankOf({ source }: PublishedSet): number {
  return ORDER.findIndex((name) => source.set.startsWith(name));
}

function withMap(tables: Tables, { attribute, pairs }: PublishedSet): Tables {
  if (attribute === 'formatCode') {
    const { formats } = tables;
    const templates = {
      ...formats.templates,
      ...Object.fromEntries(pairs.map(({ code, to }) => [code, to])),
    };
    return { ...tables, formats: { ...formats, templates } };
  }
  const { types } = tables;
  const schemes = [...types.codes];
  for (const { code, scheme, to } of pairs) if (scheme !== null) put(schemes, scheme, code, to);
  return { ...tables, types: { ...types, codes: schemes } };
}

type Schemes = { scheme: string; types: Record<string, DocumentType> }[];

/** Copies what it changes: the tables of the product stay as they are. */
function put(schemes: Schemes, scheme: string, code: string, classCode: string): void {
  const index = schemes.findIndex((one) => one.scheme === scheme);
  const known = schemes[index]?.types ?? {};
  const type = { label: code, ...known[code], class: classCode };
  const changed = { scheme, types: { ...known, [code]: type } };
  if (index < 0) schemes.push(changed);
  else schemes[index] = changed;
}
