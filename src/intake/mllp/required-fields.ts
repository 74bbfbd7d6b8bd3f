import { parseTime } from '../../cda/times.ts';
import type { Segment } from '../../hl7v2/message.ts';
import type { InterfaceProfile, SenderProfile, ToleratedField } from './profile.ts';
import type { Remarks } from './remarks.ts';
import type { DocumentMessage } from './structure.ts';

/** What of a document message has required fields. `evn`: null where the message has none or needs none. */
type Parts = Omit<DocumentMessage, 'flags'> & { msh: Segment; evn: Segment | null };

/** Fields that the interface requires, with the values that it allows; a tolerated one is told and not refused. */
export function requiredFields(
  { msh, evn, pid, pv1, orc, obr, txa, documents }: Parts,
  { profile, face }: { profile: SenderProfile; face: InterfaceProfile },
  remarks: Remarks,
): void {
  const lenient = new Tolerant(profile, remarks);
  lenient.time(msh, 7, 'MSH-7');
  lenient.oneOf(msh, 17, 'MSH-17', ['FRA']);
  lenient.need(msh, 18, 'MSH-18');
  if (evn) lenient.time(evn, 2, 'EVN-2');
  need(pid, 3, 'PID-3', remarks);
  need(pid, 5, 'PID-5', remarks);
  if (pv1) requiredVisit(pv1, remarks);
  if (orc && face.orders === 'required') need(orc, 1, 'ORC-1', remarks);
  if (obr && face.orderType) need(obr, 4, 'OBR-4', remarks);
  if (txa) {
    lenient.oneOf(txa, 1, 'TXA-1', ['1']);
    need(txa, 2, 'TXA-2', remarks);
    lenient.oneOf(txa, 3, 'TXA-3', ['TEXT']);
    need(txa, 12, 'TXA-12', remarks);
    oneOf(txa, 17, 'TXA-17', face.authenticated, remarks);
  }
  for (const { obx } of documents) {
    need(obx, 3, 'OBX-3', remarks);
    need(obx, 5, 'OBX-5', remarks);
    oneOf(obx, 11, 'OBX-11', ['F', 'C', 'D'], remarks);
  }
}

/** Checks of fields that the profile of a sender may tolerate. */
export class Tolerant {
  readonly #tolerated: readonly string[];
  readonly #remarks: Remarks;

  constructor({ tolerated }: SenderProfile, remarks: Remarks) {
    this.#tolerated = tolerated;
    this.#remarks = remarks;
  }

  need(segment: Segment, number: number, field: ToleratedField, component?: number): void {
    const place = component ? segment.place(number, component) : segment.place(number);
    if (segment.text(number, component) === '')
      this.#remarks.add('message.field-missing', place, { field }, this.#severity(field));
  }

  oneOf(
    segment: Segment,
    number: number,
    field: ToleratedField,
    allowed: readonly string[],
    component?: number,
  ): void {
    const value = segment.text(number, component).toUpperCase();
    if (value === '') this.need(segment, number, field, component);
    else if (!allowed.some((one) => one.toUpperCase() === value)) {
      const values = { field, value: value.slice(0, 20), expected: allowed.join(', ') };
      const place = component ? segment.place(number, component) : segment.place(number);
      this.#remarks.add('message.value-unknown', place, values, this.#severity(field));
    }
  }

  time(segment: Segment, number: number, field: ToleratedField): void {
    const text = segment.text(number);
    if (text === '') this.need(segment, number, field);
    else if (!parseTime(text))
      this.#remarks.add(
        'message.field-form',
        segment.place(number),
        { field, what: NO_TIME },
        this.#severity(field),
      );
  }

  #severity(field: string): 'error' | 'warning' {
    return this.#tolerated.includes(field) ? 'warning' : 'error';
  }
}

const NO_TIME = { fr: 'ce n’est pas une date HL7', en: 'it is no HL7 time stamp' };

/** Classes of stays that have a visit number. */
const WITH_VISIT = ['E', 'I', 'O', 'R'];
const CLASSES = [...WITH_VISIT, 'N', 'V'];

function requiredVisit(pv1: Segment, remarks: Remarks): void {
  oneOf(pv1, 2, 'PV1-2', CLASSES, remarks);
  if (WITH_VISIT.includes(pv1.text(2).toUpperCase())) need(pv1, 19, 'PV1-19', remarks);
}

function need(segment: Segment, number: number, field: string, remarks: Remarks): void {
  if (segment.isEmpty(number)) remarks.add('message.field-missing', segment.place(number), { field });
}

function oneOf(
  segment: Segment,
  number: number,
  field: string,
  allowed: readonly string[],
  remarks: Remarks,
): void {
  const value = segment.text(number).toUpperCase();
  if (value === '') need(segment, number, field, remarks);
  else if (!allowed.includes(value))
    remarks.add('message.value-unknown', segment.place(number), {
      field,
      value: value.slice(0, 20),
      expected: allowed.join(', '),
    });
}
