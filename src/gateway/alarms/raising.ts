import type { Incidents } from '../../words/incident.ts';

/** What the gateway itself raises, in one place: who is told and how soon. */

/** A check did not run to its end. What it says may quote a document: only its code is told. */
export function raiseNotJudged(incidents: Incidents, code: 'checks.out-of-time' | 'checks.failed'): void {
  incidents.open({
    ...{ kind: 'not-judged', subject: 'checks', establishment: null, severity: 'call-now', role: 'it' },
    code,
  });
}

const UNWRITABLE: readonly unknown[] = ['ledger.disk-full', 'ledger.write-failed'];

/**
 * An error that no outcome describes, by the part of the gateway where it came up: nothing can be written and nothing is
 * taken until it can, or a defect.
 */
export function raiseFailure(incidents: Incidents, subject: string, error: unknown): void {
  const { code } = error as { code?: unknown };
  const about = { establishment: null, role: 'it', ...(typeof code === 'string' ? { code } : {}) } as const;
  if (UNWRITABLE.includes(code))
    incidents.open({ ...about, kind: 'disk-budget', subject: 'data', severity: 'call-now' });
  else incidents.open({ ...about, kind: 'defect', subject, severity: 'morning' });
}

export function raiseNoticeParked(
  incidents: Incidents,
  { sender, establishment, code }: { sender: string; establishment: string; code: string },
): void {
  incidents.open({
    ...{ kind: 'notice-parked', subject: sender, establishment, severity: 'morning', role: 'it' },
    code,
  });
}

export function raiseIntegrationParked(
  incidents: Incidents,
  { mailbox, establishment, code }: { mailbox: string; establishment: string; code: string },
): void {
  incidents.open({
    ...{ kind: 'integration-parked', subject: mailbox, establishment, severity: 'morning', role: 'it' },
    code,
  });
}

/** What the witnesses said at the last seal; nothing to say: all of them hold it. */
export function raiseWitnesses(incidents: Incidents, failures: readonly string[]): void {
  const incident = { kind: 'witness-missing', subject: 'seals', establishment: null } as const;
  const [first] = failures;
  if (first === undefined) incidents.close(incident);
  else
    incidents.open({
      ...incident,
      ...{ severity: 'morning', role: 'it' },
      facts: { reason: first.split(',')[0]!, failing: failures.length },
    });
}

/** What is known of the standing of the DMP's server; null: all is well. A revoked server parks what is sent to it. */
export function raiseRevocation(
  incidents: Incidents,
  notice: { code: string; values: Record<string, string> } | null,
): void {
  const incident = { kind: 'revocation-unknown', subject: 'dmp', establishment: null } as const;
  if (notice === null || notice.code === 'delivery.dmp-server-revoked') incidents.close(incident);
  else
    incidents.open({
      ...{ ...incident, severity: 'morning', role: 'it' },
      ...{ code: notice.code, facts: { ...notice.values } },
    });
}

/** How the last reading of the white list of MSSanté ended; null: it is in force. */
export function raiseWhiteList(incidents: Incidents, code: string | null): void {
  const incident = { kind: 'white-list', subject: 'mssante', establishment: null } as const;
  if (code === null) incidents.close(incident);
  else incidents.open({ ...incident, severity: 'morning', role: 'it', code });
}

/** How a mailbox that is read stands; `code` null: it is open. What is configured wrongly is called for at once. */
export function raiseMailbox(
  incidents: Incidents,
  { mailbox, establishment }: { mailbox: string; establishment: string },
  problem: { code: string; misconfigured: boolean } | null,
): void {
  const incident = { kind: 'mailbox-down', subject: mailbox, establishment } as const;
  if (problem === null) incidents.close(incident);
  else
    incidents.open({
      ...incident,
      ...{ severity: problem.misconfigured ? 'call-now' : 'morning', role: 'it', code: problem.code },
    });
}

/** How the last question to the Annuaire Santé ended; null: it was answered. */
export function raiseDirectory(incidents: Incidents, code: string | null): void {
  const incident = { kind: 'directory', subject: 'mssante', establishment: null } as const;
  if (code === null) incidents.close(incident);
  else incidents.open({ ...incident, severity: 'information', role: 'it', code });
}
