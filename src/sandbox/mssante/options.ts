import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { raise } from './errors.ts';
import type { MailWorldOptions } from './world.ts';

const Mailboxes = Type.Array(
  Type.Object({
    address: Type.String(),
    kind: Type.Enum(['gateway', 'person', 'organisation', 'application', 'patient']),
    displayName: Type.Optional(Type.String()),
    finess: Type.Optional(Type.String()),
  }),
);

const MAX_PORT = 65_535;

/**
 * Options of the process: `--smtp-port`, `--imap-port`, `--control-port`, `--certificates DIR` and `--mailboxes JSON`, the
 * mailboxes of the gateway with the FINESS that their certificates name.
 * @throws ViaducError `sandbox.mail-option-wrong`
 */
export function readMailOptions(given: Readonly<Record<string, string | undefined>>): MailWorldOptions {
  const { certificates } = given;
  return {
    smtpPort: portOf('smtp-port', given['smtp-port']),
    imapPort: portOf('imap-port', given['imap-port']),
    controlPort: portOf('control-port', given['control-port']),
    ...(certificates !== undefined && { certificates }),
    mailboxes: mailboxesOf(given.mailboxes ?? '[]'),
  };
}

function portOf(option: string, text = '0'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > MAX_PORT) throw raise('sandbox.mail-option-wrong', { option });
  return port;
}

function mailboxesOf(text: string): MailWorldOptions['mailboxes'] {
  try {
    return Value.Parse(Mailboxes, JSON.parse(text));
  } catch (error) {
    throw raise('sandbox.mail-option-wrong', { option: 'mailboxes' }, error);
  }
}
