import type { ImapFlowError } from 'imapflow';
import { isViaducError } from '../../../words/errors.ts';
import { isTlsRefusal } from '../../tls-refusal.ts';
import type { WireErrorCode } from '../errors.ts';

/** How a mailbox stands. `misconfigured`: somebody has to change something; `down`: it comes back by itself. */
export type MailboxState =
  | { state: 'up' }
  | { state: 'down' | 'misconfigured'; code: WireErrorCode; reason: string };

export type Fault = Exclude<MailboxState, { state: 'up' }>;

/** What ended the reading of a mailbox. The reason is a code, never what a server said. */
export function faultOf(error: unknown): Fault {
  if (isViaducError(error)) return ofCatalogue(error.code as WireErrorCode, error.class, error.values.reason);
  const fault = Object(error) as ImapFlowError;
  const reason = fault.serverResponseCode ?? fault.code ?? fault.name ?? 'error';
  if (isTlsRefusal(fault)) return { state: 'misconfigured', code: 'mssante.tls-refused', reason };
  if (isWithoutTls(fault)) return { state: 'misconfigured', code: 'mssante.tls-refused', reason: 'STARTTLS' };
  if (fault.authenticationFailed && !isForNow(fault))
    return { state: 'misconfigured', code: 'mssante.mailbox-refused', reason };
  return { state: 'down', code: 'mssante.mailbox-unreachable', reason };
}

function ofCatalogue(code: WireErrorCode, cause: string, reason: unknown): Fault {
  return {
    state: cause === 'configuration' ? 'misconfigured' : 'down',
    code,
    reason: String(reason ?? code),
  };
}

/** The server has no STARTTLS, refuses it, or speaks out of turn in it; a torn handshake bears the code of the connection. */
function isWithoutTls({ tlsFailed = false, code }: ImapFlowError): boolean {
  return tlsFailed && (code === undefined || code === 'STARTTLS_INJECTION');
}

/** RFC 5530: the server itself, or its login, is not there at the moment. */
function isForNow({ serverResponseCode }: ImapFlowError): boolean {
  return /^(UNAVAILABLE|SERVERBUG|INUSE|LIMIT)$/.test(serverResponseCode ?? '');
}
