import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ascend } from '../../src/delivery/dmp/credentials/chain.ts';
import type { FollowedCertificate } from '../../src/delivery/dmp/credentials/keyring.ts';
import { Revocation } from '../../src/delivery/dmp/revocation/revocation.ts';
import { lookAtChains, lookAtRevocation } from '../../src/gateway/doctor/own-chains.ts';
import { systemClock } from '../../src/words/clock.ts';
import { Authority, withoutOpenssl } from '../delivery/dmp/authority.ts';

describe.skipIf(withoutOpenssl)(`the doctor on our own certificates${withoutOpenssl}`, () => {
  let authority: Authority;
  let client: string;
  let seal: string;
  beforeAll(() => {
    authority = new Authority();
    client = authority.issue('client').cert;
    seal = authority.issue('seal').cert;
  });
  afterAll(() => authority[Symbol.dispose]());

  const followed = (above: string[], anchors: string[]): FollowedCertificate[] => [
    { finess: '0B0000011', use: 'client', ...ascend(client, above, anchors) },
    { finess: '0B0000011', use: 'seal', ...ascend(seal, above, anchors) },
  ];
  const asking = (lists: string[]) =>
    new Revocation({
      settings: { mode: 'soft', lists, ocsp: false, graceMs: 0 },
      ...{ folder: authority.folder, keep: false, allowed: () => false, clock: systemClock },
    });

  test('says of the client as of the seal that no authority is at hand, or that its root is no anchor', () => {
    const told = (above: string[], anchors: string[]) =>
      lookAtChains(followed(above, anchors)).map(({ level, code }) => `${level} ${code}`);
    const names = 'warning doctor.names-differ';
    const each = (code: string) => [`warning ${code}`, `warning ${code}`, names];
    expect(told([], [])).toEqual(each('doctor.chain-incomplete'));
    expect(told([authority.certificate], [])).toEqual(each('doctor.chain-unanchored'));
    expect(told([], [authority.certificate])).toEqual([names]);
  });

  test('says nothing of two certificates of one name', () => {
    const one = followed([], [authority.certificate])[0]!;
    expect(lookAtChains([one, { ...one, use: 'seal' }])).toEqual([]);
  });

  test('asks whether they were revoked', async () => {
    const chains = followed([], [authority.certificate]);
    const list = join(authority.folder, 'list.der');
    const lines = async (lists: string[]) =>
      (await lookAtRevocation(chains, asking(lists))).map(({ level, code }) => [level, code]);
    expect(await lines([])).toEqual([
      ['warning', 'doctor.own-revocation-unknown'],
      ['warning', 'doctor.own-revocation-unknown'],
    ]);
    writeFileSync(list, authority.list());
    expect(await lines([list])).toEqual([
      ['ok', null],
      ['ok', null],
    ]);
    authority.revoke('seal');
    writeFileSync(list, authority.list());
    expect(await lines([list])).toEqual([
      ['ok', null],
      ['error', 'doctor.own-revoked'],
    ]);
    expect(await lookAtRevocation(chains, null)).toEqual([]);
  });
});
