import { describe, expect, test } from 'vitest';
import { readMailOptions } from '../../../src/sandbox/mssante/options.ts';

describe('the options of the mail world', () => {
  test('are ports, the folder of certificates and the mailboxes of the gateway', () => {
    const mailbox = { address: 'passerelle@demo.mssante.fr', kind: 'gateway', finess: '0B0000011' };
    const given = { 'smtp-port': '2525', certificates: '/c', mailboxes: JSON.stringify([mailbox]) };
    expect(readMailOptions(given)).toEqual({
      ...{ smtpPort: 2525, imapPort: 0, controlPort: 0, certificates: '/c', mailboxes: [mailbox] },
    });
  });

  test.each([
    ['a port that is none', { 'imap-port': '65536' }],
    ['a port in words', { 'smtp-port': 'smtp' }],
    ['mailboxes that are no JSON', { mailboxes: '[' }],
    ['a mailbox of no known kind', { mailboxes: '[{"address":"a@b.fr","kind":"other"}]' }],
  ])('%s is refused (sandbox.mail-option-wrong)', (_, given) => {
    expect(() => readMailOptions(given)).toThrow(
      expect.objectContaining({ code: 'sandbox.mail-option-wrong' }),
    );
  });
});
