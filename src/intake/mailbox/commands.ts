import type { Ledger, NewEvent } from '../../ledger/ledger.ts';
import type { IntegrationRow, SortedRow } from '../../ledger/view-integrations.ts';
import type { Clock } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import { mailboxError } from './errors.ts';

interface Tools {
  ledger: Ledger;
  clock: Pick<Clock, 'now'>;
}

/** Who asks, and why. */
interface Asked {
  by: string;
  reason: string;
}

type Standing = Pick<IntegrationRow, 'id' | 'mail' | 'state'>;

/**
 * Hands a parked document on again, with the same MSH-10.
 * @throws ViaducError `integration.not-parked`
 */
export async function resumeIntegration(
  tools: Tools,
  establishment: string,
  { id: integration, mail, state }: Standing,
  by: string,
): Promise<void> {
  if (state !== 'parked') throw mailboxError('integration.not-parked', { state });
  await decide(tools, establishment, { type: 'integration.resumed', data: { integration, mail, by } });
}

/**
 * Gives a parked document up; the author of its mail is told when its other documents have ended.
 * @throws ViaducError `integration.not-parked`
 */
export async function closeIntegration(
  tools: Tools,
  establishment: string,
  { id: integration, mail, state }: Standing,
  asked: Asked,
): Promise<void> {
  if (state !== 'parked') throw mailboxError('integration.not-parked', { state });
  const data = { integration, mail, ...asked };
  await decide(tools, establishment, { type: 'integration.closed', data });
}

/**
 * Has a mail that was set aside sorted again, by the settings and the build of now.
 * @throws ViaducError `received.not-set-aside`
 */
export async function resumeMail(
  tools: Tools,
  establishment: string,
  mail: { id: string; sorted: Pick<SortedRow, 'outcome'> | null },
  asked: Asked,
): Promise<void> {
  if (mail.sorted?.outcome !== 'set-aside') throw mailboxError('received.not-set-aside');
  await decide(tools, establishment, { type: 'mail.resumed', data: { mail: mail.id, ...asked } });
}

/** That somebody else decided in between is no failure. */
async function decide({ ledger, clock }: Tools, establishment: string, event: NewEvent): Promise<void> {
  try {
    await ledger.append({ establishment, nowMs: clock.now(), events: [event] });
  } catch (error) {
    if (!isViaducError(error, 'ledger.illegal-move')) throw error;
  }
}
