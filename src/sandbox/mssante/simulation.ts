import { type Clock, systemClock } from '../../words/clock.ts';
import { PATIENT_DOMAIN } from './addresses.ts';
import { MailFaults } from './faults.ts';
import { MailJournal } from './journal.ts';
import { mailSandboxLimits } from './limits.ts';
import type { MailboxOptions } from './mailbox.ts';
import { Mailboxes, type PatientStates } from './mailboxes.ts';

/** Everything that a running mail world holds. */
export interface MailSimulation {
  clock: Clock;
  boxes: Mailboxes;
  faults: MailFaults;
  journal: MailJournal;
  /** Greatest mail, bytes. */
  sizeLimit: number;
  /** Greatest mail to a patient, bytes. */
  patientSizeLimit: number;
  /** Cancels what is still to come, receipts that wait. */
  pending: Set<() => void>;
}

/** Correspondents that every sandbox has: one of each kind, and one whose mailbox is full. */
export const CORRESPONDENTS: readonly MailboxOptions[] = [
  { address: 'medecin@cabinet.bac-a-sable.mssante.fr', kind: 'person', displayName: 'Cabinet médical' },
  { address: 'secretariat@ch.bac-a-sable.mssante.fr', kind: 'organisation', displayName: 'Secrétariat' },
  { address: 'application@ch.bac-a-sable.mssante.fr', kind: 'application', displayName: 'Application' },
  { address: 'boite.pleine@ch.bac-a-sable.mssante.fr', kind: 'organisation', full: true },
];

export interface MailSimulationOptions {
  clock?: Clock;
  /** Mailboxes of the gateway, and correspondents instead of those that every sandbox has. */
  mailboxes: readonly MailboxOptions[];
  /** Domains of the white list; by default those of the mailboxes and of the patients. */
  whiteList?: readonly string[];
  patients?: PatientStates;
  /** Greatest mail, bytes; `mailBytes` of the limits by default. */
  sizeLimit?: number;
  /** Greatest mail to a patient, bytes; `patientMailBytes` of the limits by default. */
  patientSizeLimit?: number;
}

/** Domains of mailboxes and that of patients: the white list of a sandbox that names none. */
export function domainsOf(mailboxes: readonly MailboxOptions[]): string[] {
  const named = mailboxes.map(({ address }) => address.slice(address.lastIndexOf('@') + 1));
  return [...new Set([...named, PATIENT_DOMAIN])];
}

export function openMailSimulation(options: MailSimulationOptions): MailSimulation {
  const { clock = systemClock, mailboxes, patients = {} } = options;
  const others = mailboxes.some(({ kind }) => kind !== 'gateway') ? [] : CORRESPONDENTS;
  const all = [...mailboxes, ...others];
  return {
    clock,
    boxes: new Mailboxes(clock, all, options.whiteList ?? domainsOf(all), patients),
    faults: new MailFaults(),
    journal: new MailJournal(clock),
    sizeLimit: options.sizeLimit ?? mailSandboxLimits.mailBytes.value,
    patientSizeLimit: options.patientSizeLimit ?? mailSandboxLimits.patientMailBytes.value,
    pending: new Set(),
  };
}

/** Does something later, unless the world ends or is reset before; at once, but not within this call, for 0 ms. */
export function later({ clock, pending }: MailSimulation, ms: number, action: () => void): void {
  const cancel = clock.after(ms, () => {
    pending.delete(cancel);
    action();
  });
  pending.add(cancel);
}

/** Empties every mailbox, forgets what passed by, what was scripted and what was still to come. */
export function resetWorld({ boxes, faults, journal, pending }: MailSimulation): void {
  for (const cancel of pending) cancel();
  pending.clear();
  boxes.clear();
  faults.clear();
  journal.clear();
}
