import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAIL_NOTICE_RULES } from '../../src/delivery/notices/mail-outcomes.ts';
import { NOTICE_RULES } from '../../src/delivery/notices/outcomes.ts';
import { ConfigSchema } from '../../src/gateway/config-schema.ts';
import { WORK_CAUSES } from '../../src/words/work.ts';
import {
  alarmsPage,
  errorsPage,
  errorTables,
  limitsPage,
  limitTables,
  root,
  settingsPage,
} from './reference.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
const sources = globSync(['src/**/*.ts', 'bin/*.mjs'], { cwd: root });

describe('pages made from the source (npm run docs)', () => {
  test('errors.md is up to date', async () => {
    expect(read('docs/errors.md')).toBe(errorsPage(await errorTables()));
  });

  test('indicator-settings.md is up to date', () => {
    expect(read('docs/indicator-settings.md')).toBe(settingsPage());
  });

  test('alarms.md is up to date', () => {
    expect(read('docs/alarms.md')).toBe(alarmsPage());
  });

  test('limits.md is up to date', async () => {
    expect(read('docs/limits.md')).toBe(limitsPage(await limitTables()));
  });
});

describe('error catalogues', async () => {
  const tables = await errorTables();
  const entries = tables.flatMap(({ file, rows }) =>
    Object.entries(rows).map(([code, row]) => ({ file, code, row })),
  );

  test('every file of errors holds one', () => {
    const files = globSync('src/*/**/{errors,refusals}.ts', { cwd: root }).filter(
      (file) => !file.startsWith('src/words/'),
    );
    expect(files.filter((file) => !tables.some((table) => table.file === file))).toEqual([]);
  });

  test('no code stands twice', () => {
    const codes = entries.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test('every code is a room and what is wrong', () => {
    expect(entries.filter(({ code }) => !/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(code))).toEqual([]);
  });

  test('every code says in both languages what is wrong and what to do', () => {
    const silent = entries.filter(({ row: { message, remedy } }) =>
      [message.fr, message.en, remedy.fr, remedy.en].some((text) => text.trim().length < 3),
    );
    expect(silent).toEqual([]);
  });

  test('both languages speak of the same values', () => {
    const differ = entries.filter(({ row: { message } }) => names(message.fr) !== names(message.en));
    expect(differ.map(({ code }) => code)).toEqual([]);
  });
});

describe('limits', () => {
  test('each has a value, a unit and a reason', async () => {
    const all = (await limitTables()).flatMap(({ rows }) => Object.values(rows));
    expect(all.filter(({ value, unit, why }) => !(value > 0) || unit === '' || why.length < 10)).toEqual([]);
  });
});

describe('operations.md', () => {
  const text = read('docs/operations.md');

  test('names every member of viaduc.yaml', () => {
    expect(members(ConfigSchema as Shape).filter((path) => !text.includes(`\`${path}\``))).toEqual([]);
  });

  test('names every variable that the source reads', () => {
    const used = new Set(sources.flatMap((file) => read(file).match(/\bVIADUC_[A-Z][A-Z_]*[A-Z]\b/g) ?? []));
    expect([...used].filter((name) => !text.includes(name) && !INTERNAL.has(name))).toEqual([]);
  });

  test('names every problem that a verification can find', () => {
    const codes = new Set(read('src/ledger/verify.ts').match(/verify\.[a-z-]+/g));
    expect([...codes].filter((code) => !text.includes(code))).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((found) => found[1]!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test('names source and test files that are there', () => {
    const named = text.match(/`(?:src|test|bin|profiles|samples)\/[\w./-]+`/g) ?? [];
    expect(named.map((one) => one.slice(1, -1)).filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

/** Set by one process of ours for another. */
const INTERNAL = new Set(['VIADUC_WRAPPED']);

function names(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))]
    .map((name) => name.replace(/(Fr|En)\}$/, '}'))
    .toSorted()
    .join(' ');
}

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

/** Paths of the leaves of a schema, as `http.tls.key`; members of a list as those of one entry. */
function members(schema: Shape, path = ''): string[] {
  const kinds = schema.items?.anyOf?.filter(({ properties }) => properties) ?? [];
  if (kinds.length > 0) return [...new Set(kinds.flatMap((kind) => members(kind, path)))];
  const inner = schema.items?.properties ? schema.items : schema;
  if (!inner.properties) return [path];
  return Object.entries(inner.properties).flatMap(([name, one]) =>
    members(one, path ? `${path}.${name}` : name),
  );
}

describe('notices.md', () => {
  const text = read('docs/notices.md');

  test('has every row of the table of notices, with its code and words', () => {
    const missing = NOTICE_RULES.filter(({ situation, notice, success, error }) => {
      const end = notice === null ? 'none | | | |' : success ? 'Z01 | Y | | |' : null;
      const said = error
        ? `Z01 | N | \`${error.code}\` | ${error.label} |`
        : 'Z01 | N | the code of the DMP | its words |';
      return !text.includes(`| ${situation} | ${end ?? said}`);
    });
    expect(missing).toEqual([]);
  });

  test('has every row of the table of mails', () => {
    const missing = MAIL_NOTICE_RULES.filter(({ situation, notice, success, error }) => {
      const end = `${notice} | ${success ? 'Y' : 'N'} | ${error ? `${error} ` : ''}|`;
      return !text.includes(`| ${situation} | ${notice === null ? 'none | | |' : end}`);
    });
    expect(missing).toEqual([]);
  });

  test('has every cause of work, with its role', () => {
    const missing = Object.entries(WORK_CAUSES).filter(
      ([cause, { role }]) => !text.includes(`| \`${cause}\` | ${role} |`),
    );
    expect(missing).toEqual([]);
  });
});
