import { instantsIn, parseTime } from '../../../cda/times.ts';
import type { Hl7Message, Segment } from '../../../hl7v2/message.ts';
import { instant } from '../../../words/clock.ts';
import type { Movement, MovementAction, Visit } from '../../../words/movement.ts';
import type { Incoming } from '../handler.ts';
import type { SenderProfile } from '../profile.ts';
import type { Remarks } from '../remarks.ts';
import { siteOf } from '../visit.ts';
import { eventOf, TRIGGERS } from './triggers.ts';

/** What an ADT message says of a movement; null with an error among the remarks when it cannot be read. */
export function readMovement(
  incoming: Incoming,
  message: string,
  identified: boolean,
  remarks: Remarks,
): Movement | null {
  const { message: hl7, establishment, head, profile } = incoming;
  const [pid, pv1, zbe] = [
    required(hl7, 'PID', remarks),
    required(hl7, 'PV1', remarks),
    required(hl7, 'ZBE', remarks),
  ];
  if (!pid || !pv1 || !zbe) return null;
  const visit = readVisit(incoming, pid, pv1, zbe, remarks);
  const said = readAction(zbe, head.trigger, remarks);
  const times = readTimes(hl7, zbe, establishment.zone, remarks);
  const scope = pv1.text(51).toUpperCase();
  if (OF_FILE.includes(head.trigger) && !['', '""', 'A', 'V'].includes(scope)) {
    const values = { field: 'PV1-51', value: scope.slice(0, 20), expected: 'V, A' };
    remarks.add('message.value-unknown', pv1.place(51), values);
  }
  const movement = [1, 2, 3]
    .map((component) => zbe.text(1, component))
    .filter(Boolean)
    .join('^');
  if (movement === '') remarks.add('message.field-missing', zbe.place(1), { field: 'ZBE-1' });
  if (remarks.refuses || !visit || !said || !times) return null;
  return {
    ...{
      message,
      finessEj: establishment.finessEj,
      visit,
      movement: movement.slice(0, 200),
      ...said,
      ...times,
    },
    ...{
      identified,
      ...readStay(pid, pv1, zbe, establishment.zone),
      ofFile: cancelsFile(pv1, head.trigger, said, profile),
    },
  };
}

function required(message: Hl7Message, name: string, remarks: Remarks): Segment | null {
  const found = message.first(name);
  if (!found) remarks.add('message.segment-missing', null, { segment: name, where: '' });
  return found;
}

/** The visit, under its site; without site among the authorities it is that of the sender, else the first, and it is told. */
export function readVisit(
  { establishment, sender }: Pick<Incoming, 'establishment' | 'sender'>,
  pid: Segment,
  pv1: Segment | null,
  zbe: Segment | null,
  remarks: Remarks,
): Visit | null {
  const stayNo = valued(pid.text(18).slice(0, 64));
  const visitNo = pv1 && valued(pv1.text(19).slice(0, 64));
  if (stayNo === null && visitNo === null) {
    remarks.add('message.field-missing', pv1?.place(19) ?? pid.place(18), { field: 'PV1-19' });
    return null;
  }
  const authorities = [zbe?.text(7, 6, 2), zbe?.text(8, 6, 2), sender.site].filter(
    (one) => one !== undefined,
  );
  return { finessEg: siteOf(pid, pv1, authorities, establishment, remarks), stayNo, visitNo };
}

const ACTIONS: readonly string[] = ['INSERT', 'UPDATE', 'CANCEL'];

function readAction(
  zbe: Segment,
  trigger: string,
  remarks: Remarks,
): Pick<Movement, 'action' | 'trigger' | 'historical'> | null {
  // Some senders fill ZBE-3, and all that follows stands one further.
  const shift = zbe.isEmpty(4) && ACTIONS.includes(zbe.text(5).toUpperCase()) ? 1 : 0;
  if (shift === 1)
    remarks.add('message.field-form', zbe.place(4), { field: 'ZBE-4', what: SHIFTED }, 'warning');
  const text = zbe.text(4 + shift).toUpperCase();
  const cancels = !TRIGGERS[trigger]!.inserts;
  const action = (text || (cancels ? 'CANCEL' : 'INSERT')) as MovementAction;
  const allowed = cancels ? ['CANCEL'] : ACTIONS;
  if (!allowed.includes(action)) {
    const values = { field: 'ZBE-4', value: text.slice(0, 20), expected: allowed.join(', ') };
    remarks.add('message.value-unknown', zbe.place(4), values);
    return null;
  }
  const original = zbe.text(6 + shift).toUpperCase();
  const event = eventOf(trigger, action, original in TRIGGERS ? original : '');
  if (event === null) {
    remarks.add('message.field-missing', zbe.place(6), { field: 'ZBE-6' });
    return null;
  }
  return { action, trigger: event, historical: zbe.text(5 + shift).toUpperCase() === 'Y' };
}

const SHIFTED = {
  fr: 'l’action est en ZBE-5 ; les champs ont été lus avec ce décalage',
  en: 'the action is in ZBE-5; the fields were read with this shift',
};

function readTimes(
  message: Hl7Message,
  zbe: Segment,
  zone: string,
  remarks: Remarks,
): Pick<Movement, 'effectiveAt' | 'recordedAt'> | null {
  const evn = message.first('EVN');
  const recordedAt = statedAt(message, zone);
  const effectiveAt = timeOf(zbe.text(2), zone) ?? (evn && timeOf(evn.text(6), zone)) ?? recordedAt;
  if (!zbe.isEmpty(2) && timeOf(zbe.text(2), zone) === null)
    remarks.add('message.field-form', zbe.place(2), { field: 'ZBE-2', what: NO_TIME });
  if (effectiveAt === null || recordedAt === null) {
    remarks.add('message.field-missing', zbe.place(2), { field: 'ZBE-2' });
    return null;
  }
  return { effectiveAt, recordedAt };
}

const NO_TIME = { fr: 'ce n’est pas une date HL7', en: 'it is no HL7 time stamp' };

/** When a message says what it says: EVN-2, else MSH-7. */
export function statedAt(message: Hl7Message, zone: string): string | null {
  const evn = message.first('EVN');
  return (evn && timeOf(evn.text(2), zone)) ?? timeOf(message.header.text(7), zone);
}

function readStay(pid: Segment, pv1: Segment, zbe: Segment, zone: string) {
  return {
    class: valued(pv1.text(2).toUpperCase().slice(0, 4)),
    admittedAt: timeOf(pv1.text(44), zone),
    dischargedAt: timeOf(pv1.text(45), zone),
    // 9 is the mode of discharge of those who died, as in the files of stays.
    dischargeMode: pid.text(30).toUpperCase() === 'Y' ? '9' : valued(pv1.text(36).slice(0, 8)),
    unit: valued(zbe.text(7, 10).slice(0, 64)) ?? valued(zbe.text(8, 10).slice(0, 64)),
    session: pv1.text(4) === '19' || pv1.text(21) === '19',
  };
}

/** Cancellations whose extent PV1-51 says. */
const OF_FILE: readonly string[] = ['A11', 'A27', 'A38'];

/**
 * Whether a cancellation takes back the file of its visit too: it does unless PV1-51 says the visit alone, or is empty and
 * the profile of the sender says that this means the visit.
 */
function cancelsFile(
  pv1: Segment,
  trigger: string,
  { action }: Pick<Movement, 'action'>,
  { emptyCancellation }: SenderProfile,
): boolean {
  if (action !== 'CANCEL' || !OF_FILE.includes(trigger)) return false;
  const scope = valued(pv1.text(51).toUpperCase());
  return scope === null ? emptyCancellation === 'file' : scope !== 'V';
}

function valued(text: string): string | null {
  return text === '' || text === '""' ? null : text;
}

/** An HL7 time stamp as an instant, ISO 8601 UTC: its beginning when it is not to the second; null when it is none. */
export function timeOf(text: string, zone: string): string | null {
  const time = parseTime(text);
  return time && time.fields.length >= 3 ? instant(instantsIn(time, zone).fromMs) : null;
}
