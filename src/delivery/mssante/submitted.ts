import type { AttemptOutcome } from '../destination.ts';
import type { SmtpResult } from './wire/smtp.ts';

/**
 * What the operator's answer means for the delivery. A refusal of the mail or its recipient ends it with the operator's own
 * code, by which the sender is told (table SMTPERRORCODE); what is wrong with the mailbox parks the mailbox.
 */
export function attemptOf(result: SmtpResult, sent: { size: number; dueAtMs: number }): AttemptOutcome {
  switch (result.kind) {
    case 'accepted':
      return { result: 'accepted', code: String(result.smtpCode), ...sent };
    case 'too-large':
      return { result: 'refused', code: result.code, raw: null };
    case 'unsafe':
      return { result: 'blocked', code: result.code, class: 'configuration', raw: null };
    case 'unreachable':
      return { result: 'failed', code: result.code, aboutDocument: false, raw: null };
    case 'unknown':
      return { result: 'ambiguous', code: result.code, raw: null };
    case 'refused':
      return refusalOf(result);
  }
}

function refusalOf({
  about,
  at,
  code,
  smtpCode,
  text,
}: Extract<SmtpResult, { kind: 'refused' }>): AttemptOutcome {
  const raw = Buffer.from(text);
  if (about === 'mailbox') return { result: 'blocked', code, class: 'configuration', raw };
  if (about === 'moment')
    return { result: 'failed', code, aboutDocument: at === 'rcpt' || at === 'data', raw };
  return { result: 'refused', code: about === 'size' ? code : String(smtpCode), raw };
}
