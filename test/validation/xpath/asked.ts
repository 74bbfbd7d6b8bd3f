import { SaxonProcess } from '../../conformance/saxon.ts';
import type { XPathCase } from './cases.ts';
import { documents, prefixes } from './documents.ts';
import { questions } from './questions.ts';

type Answer = Pick<XPathCase, 'items' | 'error'>;

/**
 * What Saxon-HE says of each expression of questions.ts.
 *
 * Language version 3.1 is what a stylesheet of version 2.0 runs under in Saxon-HE 9.9, and so what the Schematrons of
 * the packs (query binding xslt2) are judged by. A case whose result under XPath 2.0 is another one says so. An
 * expression on which Saxon itself fails (`substring("12345", 2, INF)` exhausts its memory) is no case.
 */
export async function askedOfSaxon(): Promise<XPathCase[]> {
  const [saxon, older] = [new SaxonProcess('XPath', ['3.1']), new SaxonProcess('XPath', ['2.0'])];
  try {
    const asked = questions.flatMap(({ about, document, at, expressions }) =>
      expressions.map(async (expression): Promise<XPathCase> => {
        const fields = [documents[document], at ?? '.', expression, declarations].map(encodeURIComponent);
        const [now, before] = await Promise.all([saxon.ask(fields), older.ask(fields)]);
        const answer = read(now);
        const differs = JSON.stringify(answer) !== JSON.stringify(read(before));
        return {
          about,
          document,
          ...(at && { at }),
          expression,
          ...answer,
          ...(differs && { since: '3.0' }),
        };
      }),
    );
    return (await Promise.all(asked)).filter(({ error }) => error !== 'unknown');
  } finally {
    saxon.end();
    older.end();
  }
}

const declarations = Object.entries(prefixes)
  .map(([prefix, namespace]) => `${prefix}=${namespace}`)
  .join(' ');

function read(line: string): Answer {
  const { items, error } = JSON.parse(line) as Answer;
  return error ? { error } : { items: items! };
}
