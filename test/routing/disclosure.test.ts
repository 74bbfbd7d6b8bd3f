import { describe, expect, test } from 'vitest';
import { judgeDisclosure } from '../../src/routing/disclosure.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';

const NOW = Date.parse('2026-03-01T10:00:00Z');

/** A request with a secret connection; of the rest only what the rules read. */
function secret(hiddenFromRepresentatives = true): SubmissionRequest {
  return {
    destinations: { dmp: true, mssante: [], patient: null },
    visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives },
    secretConnection: true,
  } as unknown as SubmissionRequest;
}

const told = (
  birthTime: string | null,
  request = secret(),
  environment: 'sandbox' | 'production' = 'sandbox',
) =>
  judgeDisclosure({ request, birthTime, environment, matrix: 'strict', nowMs: NOW }).map(
    ({ code, severity }) => `${severity} ${code}`,
  );

describe('a secret connection', () => {
  test.each([
    ['of a minor', '20100302', []],
    ['of somebody whose birth is not known', null, []],
    ['of an adult is told: it exists for minors only', '20080228', ['warning routing.secret-adult']],
  ])('%s', (_, birth, expected) => {
    expect(told(birth)).toEqual(expected);
  });

  test('of a document that representatives could read is an error in production', () => {
    expect(told('20150101', secret(false), 'production')).toEqual(['error routing.secret-but-visible']);
    expect(told('20150101', secret(false))).toEqual(['warning routing.secret-but-visible']);
  });
});
