import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Checks } from '../../src/checks/checked.ts';
import { openChecks } from '../../src/checks/pool.ts';
import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import type { Environment } from '../../src/words/environment.ts';
import { DEPOSIT } from '../xds/discharge-letter.ts';

/*
 * What the DMP would refuse is said before a document is accepted, with its line: a document that is invalid is refused at
 * every door.
 */

const samples = join(import.meta.dirname, '..', '..', 'samples', 'documents');
const sample = (name: string) => readFileSync(join(samples, name), 'utf8');
const opened = new Map<Environment, Promise<Checks>>();
afterAll(async () => {
  for (const checks of opened.values()) await (await checks).close();
});

function checksOf(environment: Environment): Promise<Checks> {
  const known = opened.get(environment);
  if (known) return known;
  const checks = openChecks({
    environment,
    rules: { packs: [], cache: null, problems: 'report' },
    installation: { sourceId: '1.2.3', product: { name: 'Viaduc', version: '0' } },
    ...{ workers: 1, budgetMs: 20_000 },
  });
  opened.set(environment, checks);
  return checks;
}

/** Judgement, and place and severity of a code's findings, of a document that is to be deposited. */
async function said(text: string, code: string, environment: Environment = 'sandbox') {
  const brought = { request: DEPOSIT, establishment: SANDBOX_ESTABLISHMENT, structures: '*' as const };
  const { verdict } = await (await checksOf(environment)).judge({ bytes: Buffer.from(text), brought });
  const found = verdict.findings.filter((one) => one.code === code);
  return [verdict.judgement, ...found.map(({ severity, line }) => `${severity} ${line}`)];
}

/** The level-1 report with another file. */
function report(bytes: string, mediaType = 'application/pdf'): string {
  const [before, after] = sample('biology-level1.xml').split(
    /(?<=<text mediaType="application\/pdf"[^>]*>)[^<]*/,
  );
  return `${before}${Buffer.from(bytes, 'latin1').toString('base64')}${after}`.replace(
    'text mediaType="application/pdf"',
    `text mediaType="${mediaType}"`,
  );
}

const FILE_LINE = 286;

describe('refused before the acknowledgement', () => {
  test('a type that has no class in the DMP', async () => {
    const unknown = sample('discharge-letter.xml').replace('code="11490-0"', 'code="99999-9"');
    expect(await said(unknown, 'dmp.type-without-class')).toEqual(['invalid', 'error 10']);
  });

  test('a body whose media type the DMP does not take', async () => {
    const [judgement, found] = await said(
      report('PK\x03\x04', 'application/msword'),
      'dmp.body-not-accepted',
    );
    expect([judgement, found]).toEqual(['invalid', expect.stringMatching(/^error 28\d$/)]);
  });

  test.each([
    ['a web page', '<html><body>Compte rendu</body></html>'],
    ['an office document', 'PK\x03\x04'],
    ['an image', '\xff\xd8\xff\xe0'],
  ])('%s that is announced as PDF', async (_, bytes) => {
    expect(await said(report(bytes), 'dmp.body-of-other-form')).toEqual(['invalid', `error ${FILE_LINE}`]);
  });

  test('a file without bytes', async () => {
    expect(await said(report(''), 'dmp.body-empty')).toEqual(['invalid', `error ${FILE_LINE}`]);
  });

  test('the INS of a test root in production', async () => {
    const letter = sample('discharge-letter.xml');
    const line = letter.split('\n').findIndex((one) => one.includes('1.2.250.1.213.1.4.10')) + 1;
    const code = 'ins.test-root-in-production';
    expect(await said(letter, code, 'production')).toEqual(['invalid', `error ${line}`]);
    expect(await said(letter, code)).toEqual(['valid']);
  });
});

describe('told, and accepted', () => {
  test.each([
    ['without a claim of PDF/A', '%PDF-1.4\n'],
    ['of PDF/A-3', '%PDF-1.7\n<pdfaid:part>3</pdfaid:part>'],
  ])('a PDF %s', async (_, bytes) => {
    expect(await said(report(bytes), 'dmp.pdf-not-a1')).toEqual(['valid', `warning ${FILE_LINE}`]);
  });

  test('our sample is PDF/A-1 and nothing is said', async () => {
    expect(await said(sample('biology-level1.xml'), 'dmp.pdf-not-a1')).toEqual(['valid']);
  });
});
