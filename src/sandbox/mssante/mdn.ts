import { plainAddress } from './addresses.ts';
import type { MailFaultName } from './faults.ts';
import type { TakenMail } from './journal.ts';
import { addressesOf, type ReadMail, readMail } from './mail.ts';
import type { Mailbox } from './mailbox.ts';
import type { Taken } from './operator.ts';
import { type MdnFacts, writeMdn } from './receipts.ts';
import { later, type MailSimulation } from './simulation.ts';

const AUTOMATIC = 'automatic-action/MDN-sent-automatically; ';
const MANUAL = 'manual-action/MDN-sent-manually; ';
const UNKNOWN_PATIENT = '902^Identifiant de patient inconnu';

type Said = Pick<MdnFacts, 'disposition' | 'errors'>;

const DEVIANT: Partial<Record<MailFaultName, Said>> = {
  'mdn-error': { disposition: `${AUTOMATIC}processed/error`, errors: [UNKNOWN_PATIENT] },
  'mdn-error-old-form': { disposition: `${AUTOMATIC}processed/Error: ${UNKNOWN_PATIENT}`, errors: [] },
  'mdn-deleted': { disposition: `${AUTOMATIC}deleted`, errors: [] },
};

/** Lets an application or the service of the patients answer a mail that asks for an MDN; a person does it by reading. */
export function answerMdn(box: Mailbox, taken: Taken, entry: TakenMail, simulation: MailSimulation): void {
  if (box.kind !== 'application' && box.kind !== 'patient') return;
  const to = askedBy(taken.mail, taken.from);
  if (to === null) return;
  const fault = simulation.faults.next('mdn', { recipient: taken.recipient, class: box.kind });
  if (fault?.fault === 'no-mdn') return;
  const usual = { disposition: AUTOMATIC + (box.kind === 'patient' ? 'displayed' : 'processed'), errors: [] };
  const said = (fault && DEVIANT[fault.fault]) ?? usual;
  const times = fault?.fault === 'mdn-twice' ? 2 : 1;
  later(simulation, fault?.delayMs ?? 0, () => {
    for (let time = 0; time < times; time += 1) {
      simulation.journal.step(entry, `MDN ${said.disposition.split('; ')[1]}`);
      send(to, box, taken, said, simulation);
    }
  });
}

/** Where an MDN may go: one address, that of the sender of the envelope (RFC 8098, 2.1), and never for an answer. */
function askedBy(mail: ReadMail, sender: string): string | null {
  const [asked, ...more] = mail.headers('disposition-notification-to').flatMap((one) => one.split(','));
  const automatic = mail.headers('auto-submitted').some((one) => !/^no$/i.test(one));
  if (asked === undefined || more.length > 0 || automatic || sender === '') return null;
  const address = /<([^>]+)>/.exec(asked)?.[1] ?? asked.trim();
  return plainAddress(address) === plainAddress(sender) ? address : null;
}

function send(
  to: string,
  box: Mailbox,
  { mail, raw }: Pick<Taken, 'mail' | 'raw'>,
  said: Said,
  simulation: MailSimulation,
): void {
  const target = simulation.boxes.get(to);
  if (!target) return;
  const facts = {
    from: box.address,
    to,
    subject: mail.email.subject ?? '',
    originalMessageId: mail.email.messageId ?? '',
    raw,
    nowMs: simulation.clock.now(),
  };
  simulation.boxes.deliver(target, writeMdn({ ...facts, ...said }));
}

/** A person opens a mail: it is seen, and where it asks for an MDN one goes out. Says whether one did. */
export async function readByHand(
  box: Mailbox,
  uid: number,
  simulation: MailSimulation,
): Promise<boolean | null> {
  const stored = box.inbox.mails.find((mail) => mail.uid === uid);
  if (!stored) return null;
  const first = !stored.flags.has('\\Seen');
  stored.flags.add('\\Seen');
  box.emit('change');
  const mail = await readMail(stored.raw);
  const [sender = ''] = mail?.headers('return-path') ?? [];
  const to = mail && askedBy(mail, sender.replace(/[<>]/g, '') || (addressesOf(mail.email.from)[0] ?? ''));
  if (!mail || !to || !first) return false;
  send(to, box, { mail, raw: stored.raw }, { disposition: `${MANUAL}displayed`, errors: [] }, simulation);
  return true;
}
