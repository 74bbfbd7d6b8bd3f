import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readConfig } from '../../src/gateway/config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-mssante-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const smtp = { host: '127.0.0.1', port: 587 };
const box = {
  ...{ id: 'labo', establishment: 'one', address: 'labo@hopital-a.mssante.fr', displayName: 'Laboratoire' },
  smtp,
};
const pair = { certificate: 'client.pem', key: 'client.key' };
const oauth = { kind: 'oauth2', user: 'labo', clientId: 'viaduc', clientSecretFile: 'secret' };

const BASE = {
  environment: 'sandbox',
  establishments: [{ id: 'one', name: 'Un', finessEj: '0B0000011', sector: 'SA01', sites: [] }],
  senders: [
    { id: 'dpi', establishment: 'one', structures: '*', notices: { host: '127.0.0.1', port: 6000 } },
    { id: 'mute', establishment: 'one', structures: '*' },
  ],
};

const OUTSIDE = {
  ...BASE,
  environment: 'test',
  oidRoot: '1.2.250.1.999',
  dmp: { url: 'https://dmp.example.org/services' },
  senders: [],
};

/** What reading a configuration with these settings of MSSanté throws. */
function refusal(mssante: object, base: object = BASE): string {
  writeFileSync(join(folder, 'viaduc.yaml'), stringify({ ...base, mssante }));
  try {
    readConfig({}, folder);
    return 'accepted';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

const boxes = (...changes: object[]) => ({ mailboxes: changes.map((one) => ({ ...box, ...one })) });

describe('settings of MSSanté are refused with the member that is wrong:', () => {
  test.each<[string, object, string]>([
    [
      'a member that is misspelt, not the one that is missing for it',
      boxes({ displayName: undefined, displyName: 'Laboratoire' }),
      'mssante.mailboxes.0.displyName is no known member',
    ],
    ['an id that stands twice in an establishment', boxes({}, {}), 'labo stands twice for establishment one'],
    ['an establishment of nobody', boxes({ establishment: 'two' }), "labo.establishment 'two' is not"],
    ['a sender of nobody', boxes({ senders: ['dpi', 'dip'] }), "labo.senders 'dip' is not configured"],
    ['a consumer of nobody', boxes({ receives: { sender: 'dip' } }), "labo.receives.sender 'dip' is not"],
    [
      'a consumer that can be told nothing',
      boxes({ receives: { sender: 'mute' } }),
      "labo.receives.sender 'mute' has no address to receive at (senders.mute.notices)",
    ],
    [
      'a certificate without its key',
      boxes({ smtp: { ...smtp, certificate: 'client.pem' } }),
      'labo.smtp.key is missing',
    ],
    [
      'a key without its certificate',
      boxes({ imap: { ...smtp, key: 'client.key' } }),
      'labo.imap.certificate is missing',
    ],
    [
      'tokens that would travel in clear',
      boxes({ smtp: { ...smtp, auth: { ...oauth, tokenUrl: 'http://op.example.org/token' } } }),
      'labo.smtp.auth.tokenUrl is no https address',
    ],
    ['texts that are nowhere', { ...boxes({}), texts: 'nowhere' }, "nowhere' is no folder that can be read"],
  ])('%s', (_, mssante, told) => {
    const found = refusal(mssante);
    expect(found).toMatch(/^config\.malformed .*viaduc\.yaml/);
    expect(found).toContain(told);
  });

  test.each<[string, object]>([
    ['submission', boxes({ smtp: { ...smtp, host: 'smtp.example.org' } })],
    ['a mailbox that is read', boxes({ imap: { ...smtp, host: 'imap.example.org' } })],
    ['the white list', { ...boxes({}), whiteList: { source: 'https://liste.example.org/liste.xml' } }],
    [
      'the directory',
      { ...boxes({}), directory: { url: 'https://annuaire.example.org/v2', keyFile: 'key' } },
    ],
    [
      'an authorisation server',
      boxes({ smtp: { ...smtp, auth: { ...oauth, tokenUrl: 'https://op.example.org/token' } } }),
    ],
  ])('in a sandbox, %s beyond this machine', (_, mssante) => {
    expect(refusal(mssante)).toMatch(/^config\.leaves-loopback .*example\.org/);
  });

  test('outside the sandbox, no TLS and no white list', () => {
    const whiteList = { source: 'liste.xml' };
    const bare = { smtp: { ...smtp, tls: 'none' } };
    expect(refusal({ ...boxes(bare), whiteList }, OUTSIDE)).toContain("labo.smtp.tls 'none' is allowed in");
    expect(refusal(boxes({}), OUTSIDE)).toContain('mssante.whiteList is missing');
    expect(refusal({ ...boxes({}), whiteList }, OUTSIDE)).toBe('accepted');
  });
});

test('settings of MSSanté that are whole are taken, without TLS on this machine in a sandbox', () => {
  const mssante = {
    ...boxes(
      { senders: ['dpi'], receives: { sender: 'dpi' }, smtp: { ...smtp, tls: 'none' } },
      { id: 'radio', smtp: { ...smtp, ...pair }, imap: { ...smtp, host: 'localhost', ...pair } },
    ),
    whiteList: { source: 'liste.xml' },
  };
  expect(refusal(mssante)).toBe('accepted');
});
