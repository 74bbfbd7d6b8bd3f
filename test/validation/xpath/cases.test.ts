import { describe, expect, test } from 'vitest';
import { withoutSaxon } from '../../conformance/saxon.ts';
import { askedOfSaxon } from './asked.ts';
import { cases } from './cases.ts';

const reason = withoutSaxon();
const skipped = reason && !process.env.CI;

describe.skipIf(skipped)(`table of XPath cases${skipped ? ` (skipped: ${reason})` : ''}`, () => {
  test('is what Saxon says of its expressions', async () => {
    if (reason) throw new Error(reason);
    expect(await askedOfSaxon()).toEqual(cases);
  }, 120_000);
});
