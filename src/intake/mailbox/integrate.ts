import { readFacts } from '../../cda/facts.ts';
import type { Acknowledged } from '../../delivery/notices/connection.ts';
import type { NoticePolicy } from '../../delivery/notices/queue.ts';
import { waitAfter } from '../../delivery/schedule.ts';
import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { IntegrationRow } from '../../ledger/view-integrations.ts';
import { instant } from '../../words/clock.ts';
import { parseXml } from '../../xml/parse.ts';
import { APPLICATION_ERRORS, OTHER } from './errors.ts';
import { type MdmAddress, type MdmMailbox, mdmMessage } from './mdm.ts';
import { readAgain } from './sort.ts';

/** The message of an integration, made of what is stored: a repetition has the same bytes. */
export async function messageOf(
  view: LedgerView,
  integration: IntegrationRow,
  to: { mailbox: MdmMailbox; address: MdmAddress },
): Promise<Buffer> {
  const received = (await view.mails.mail(integration.mail))!;
  const { mail } = await readAgain(await view.body(received.body.id));
  const document = await view.body(integration.content.document.body.id);
  const facts = readFacts(parseXml(document), document).facts!;
  return mdmMessage({ ...to, integration, facts, document, mail, receivedAt: received.receivedAt });
}

export interface Trying {
  policy: Pick<NoticePolicy, 'schedule' | 'parkAfterMs'>;
  nowMs: number;
  /** From 0 to 1. */
  random: number;
}

/** What an acknowledgement, or none, means for an integration. */
export function eventOf(row: IntegrationRow, answer: Acknowledged, trying: Trying): NewEvent {
  const attempt = row.attempts + 1;
  const data = { integration: row.id, mail: row.mail, attempt };
  if (answer.result === 'taken')
    return { type: 'integration.acknowledged', data: { ...data, answer: cut(answer.answer) } };
  const refused = answer.result === 'none' ? null : refusalIn(answer);
  if (refused !== null && answer.result !== 'none')
    return { type: 'integration.refused', data: { ...data, answer: cut(answer.answer), code: refused } };
  const code = codeOf(answer);
  const { policy, nowMs, random } = trying;
  const wait = waitAfter(policy.schedule, attempt, random);
  const since = Date.parse(row.resumedAt ?? row.createdAt);
  const over = wait === null || nowMs - since >= policy.parkAfterMs;
  if (answer.result === 'refused' || over) return { type: 'integration.parked', data: { ...data, code } };
  return { type: 'integration.deferred', data: { ...data, code, dueAt: instant(nowMs + wait) } };
}

/** The application error of an acknowledgement; one that is not of the list is another (906). */
function refusalIn({ fault }: Exclude<Acknowledged, { result: 'taken' | 'none' }>): string | null {
  if (!fault) return null;
  if (fault.code in APPLICATION_ERRORS) return fault.code;
  return fault.condition === '207' ? OTHER : null;
}

const CODES: Readonly<Record<string, string>> = {
  'notice.unreachable': 'integration.unreachable',
  'notice.tls': 'integration.tls',
  'notice.no-answer': 'integration.no-answer',
  'notice.answered-later': 'integration.answered-later',
  'notice.refused': 'integration.syntax',
};

function codeOf(answer: Exclude<Acknowledged, { result: 'taken' }>): string {
  return CODES[answer.code] ?? answer.code;
}

function cut(text: string): string {
  return text.slice(0, 199);
}
