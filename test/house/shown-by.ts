import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource, walk } from '../faults/syntax.ts';
import { root } from './reference.ts';

/** A test that a row of a table names: its file, and words of its name. */
export interface Named {
  /** Place in the page, for a person. */
  line: number;
  /** Path of a file of tests, or `npm run …` for a long round. */
  file: string;
  words: string | null;
}

/** What the last column of a page's tables names: `file`: words; the same: words; `npm run command`. */
export function namedTests(page: string): Named[] {
  let file = '';
  return page.split('\n').flatMap((text, index) => {
    const cells = text.startsWith('|') ? text.split(/(?<!\\)\|/).slice(1, -1) : [];
    const last = cells.at(-1)?.trim() ?? '';
    if (cells.length < 3 || /^(?:-+|Shown by|)$/.test(last)) return [];
    return last.split(/[;,] (?=`|the same|$)/).map((part) => {
      const [, name, words] = /^(`[^`]+`|the same)(?:: (.+))?$/.exec(part.replace(/ \([^)]*\)$/, '')) ?? [];
      if (name?.startsWith('`')) file = name.slice(1, -1);
      return { line: index + 1, file: name ? file : `? ${part}`, words: words ?? null };
    });
  });
}

/** Why a named test is not there; null when it is. */
export function whyMissing({ line, file, words }: Named): string | null {
  const place = `line ${line}: ${file}`;
  if (file.startsWith('npm run ')) return scripts().includes(file.slice(8)) ? null : `${place} is no command`;
  if (!/^test\/.*\.ts$/.test(file)) return `${place} is no file of tests`;
  if (!existsSync(join(root, file))) return `${place} is not there`;
  return words === null || namesIn(file).some((name) => name.includes(fold(words)))
    ? null
    : `${place} has no test “${words}”`;
}

function scripts(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  return Object.keys(scripts);
}

const read = new Map<string, string[]>();

/** Texts of a file that may be the name of a test, or of a row of one. */
function namesIn(file: string): string[] {
  const known = read.get(file);
  if (known) return known;
  const names: string[] = [];
  walk(parseSource(file, readFileSync(join(root, file), 'utf8')), ({ type, value, quasis }) => {
    if (type === 'Literal' && typeof value === 'string') names.push(fold(value));
    if (type === 'TemplateLiteral')
      names.push(fold((quasis as { value: { cooked: string } }[]).map((one) => one.value.cooked).join('…')));
  });
  read.set(file, names);
  return names;
}

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
