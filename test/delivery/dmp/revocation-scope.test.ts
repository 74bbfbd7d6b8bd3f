import type { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RevocationFacts } from '../../../src/delivery/dmp/revocation/certificate.ts';
import { concerns, type RevocationList } from '../../../src/delivery/dmp/revocation/crl.ts';

const NAME = Buffer.from('an authority');
const list = (scope: RevocationList['scope'], issuer = NAME) =>
  ({ issuer, scope, isSignedBy: (_: X509Certificate) => true }) as RevocationList;
const certificate = (authority: boolean) => ({ issuer: NAME, authority }) as RevocationFacts;

test.each([
  ['all', true, true],
  ['all', false, true],
  ['authorities', true, true],
  ['authorities', false, false],
  ['others', true, false],
  ['others', false, true],
] as const)(
  'a list of %s concerns the certificate of an authority (%s): %s',
  (scope, authority, expected) => {
    expect(concerns(list(scope), certificate(authority))).toBe(expected);
  },
);

test.each(['all', 'others'] as const)('a list of %s of another authority concerns none', (scope) => {
  expect(concerns(list(scope, Buffer.from('another')), certificate(false))).toBe(false);
});
