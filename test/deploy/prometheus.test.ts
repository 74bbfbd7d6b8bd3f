import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { KINDS } from '../../src/alarms/kinds.ts';
import { repository, sample, startTestGateway } from '../gateway/running.ts';

const folder = join(repository, 'deploy', 'prometheus');
const rulesFile = join(folder, 'viaduc.rules.yaml');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string; role: string };
  annotations: { summary: string; description: string; page?: string };
}

const rules = (parse(readFileSync(rulesFile, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

interface Panel {
  title: string;
  targets?: { expr: string }[];
}
const board = JSON.parse(readFileSync(join(repository, 'deploy', 'grafana', 'viaduc.json'), 'utf8')) as {
  panels: Panel[];
};
const queries = board.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

/** Names that a running gateway gives, with those that a histogram adds. */
const names = new Set<string>();
/** Labels of each of them. */
const labels = new Map<string, Set<string>>();
beforeAll(async () => {
  const run = await startTestGateway();
  await run.submit(sample('discharge-letter.xml'));
  await run.submit(sample('no-ins.xml'));
  const text = (await run.call('/metrics', { token: null })).body as string;
  await run.close();
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)/gm)) {
    names.add(name!);
    if (type === 'histogram') for (const end of ['bucket', 'count', 'sum']) names.add(`${name}_${end}`);
  }
  for (const [, name, inside] of text.matchAll(/^([a-z_]+)\{([^}]*)\}/gm))
    labels.set(name!, new Set([...inside!.matchAll(/([a-z_]+)="/g)].map((found) => found[1]!)));
});

/** The metrics of ours and of the process that a query names. `up` is Prometheus's own. */
const metricsIn = (expr: string) =>
  [...expr.matchAll(/\b(?:viaduc|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);

describe('every query', () => {
  test('of the rules names metrics that a gateway gives', () => {
    const unknown = rules.flatMap(({ alert, expr }) =>
      metricsIn(expr)
        .filter((name) => !names.has(name))
        .map((name) => `${alert}: ${name}`),
    );
    expect(rules.length).toBeGreaterThan(15);
    expect(unknown).toEqual([]);
  });

  test('of the board names metrics that a gateway gives', () => {
    const unknown = queries.flatMap(({ title, expr }) =>
      metricsIn(expr)
        .filter((name) => !names.has(name))
        .map((name) => `${title}: ${name}`),
    );
    expect(queries.length).toBeGreaterThan(30);
    expect(unknown).toEqual([]);
  });

  test('asks by labels that its metric has', () => {
    const asked = [...rules, ...queries].flatMap(({ expr }) =>
      [...expr.matchAll(/\b(viaduc_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, name, inside]) =>
        [...inside!.matchAll(/([a-z_]+)\s*(?:=~|!=|!~|=)/g)].map(([, label]) => ({
          name: name!,
          label: label!,
        })),
      ),
    );
    expect(asked.length).toBeGreaterThan(20);
    const wrong = asked.filter(({ name, label }) => labels.has(name) && !labels.get(name)!.has(label));
    expect(wrong).toEqual([]);
  });

  test('every metric of ours is looked at by the board or by a rule', () => {
    const used = new Set([...rules, ...queries].flatMap(({ expr }) => metricsIn(expr)));
    const idle = [...names].filter(
      (name) =>
        name.startsWith('viaduc_') &&
        !/_(bucket|count|sum)$/.test(name) &&
        ![name, `${name}_bucket`, `${name}_count`].some((one) => used.has(one)),
    );
    expect(idle).toEqual([]);
  });
});

describe('every alert', () => {
  test.each(rules)(
    '$alert says how soon, to whom, in both languages, and where it stands what to do',
    (rule) => {
      expect(['call-now', 'morning', 'information']).toContain(rule.labels.severity);
      expect(rule.labels.role).toBe('it');
      expect(rule.annotations.summary.length).toBeGreaterThan(10);
      expect(rule.annotations.description.length).toBeGreaterThan(10);
      const kind = /^docs\/alarms\.md#([a-z-]+)$/.exec(rule.annotations.page ?? '')?.[1];
      if (kind) expect(Object.keys(KINDS)).toContain(kind);
    },
  );
});

describe('promtool', () => {
  const work = mkdtempSync(join(tmpdir(), 'viaduc-promtool-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  function promtool(args: string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, timeout: 60_000 });
    return { status, output: `${stdout}${stderr}` };
  }

  function missing(): string | null {
    if (!spawnSync('promtool', ['--version']).error) return null;
    if (process.env.CI === 'true') throw new Error('promtool is not installed');
    return 'promtool is not installed';
  }

  test('accepts the rules, and they raise what they should', (context) => {
    const why = missing();
    if (why) return context.skip(why);
    expect(promtool(['check', 'rules', rulesFile])).toMatchObject({ status: 0 });
    expect(promtool(['test', 'rules', 'viaduc.rules.test.yaml'])).toMatchObject({ status: 0 });
  });

  test('can read every query of the board', (context) => {
    const why = missing();
    if (why) return context.skip(why);
    const file = join(work, 'board.yaml');
    const asRules = queries.map(({ expr }, index) => ({
      record: `board:query_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$establishment', '.*'),
    }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'board', rules: asRules }] }));
    expect(promtool(['check', 'rules', file])).toMatchObject({ status: 0 });
  });
});
