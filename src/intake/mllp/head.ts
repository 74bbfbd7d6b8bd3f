import { hash } from 'node:crypto';
import type { Hl7Message } from '../../hl7v2/message.ts';
import type { Environment } from '../../words/environment.ts';
import type { Finding } from '../../words/findings.ts';
import { Remarks } from './remarks.ts';

/** What MSH says, as written. */
export interface MessageHead {
  application: string;
  facility: string;
  receivingApplication: string;
  receivingFacility: string;
  type: string;
  trigger: string;
  controlId: string;
  processingId: string;
  /** HL7 version: `2.5`. */
  version: string;
  /** MSH-21.1 and .2: version and name of the interface. */
  interfaceVersion: string;
  interfaceName: string;
}

export function readHead({ header }: Hl7Message): MessageHead {
  return {
    application: header.text(3, 1, 1),
    facility: header.text(4, 1, 1),
    receivingApplication: header.text(5, 1, 1),
    receivingFacility: header.text(6, 1, 1),
    type: header.text(9, 1).toUpperCase(),
    trigger: header.text(9, 2).toUpperCase(),
    controlId: header.text(10),
    processingId: header.text(11).toUpperCase(),
    version: header.text(12),
    interfaceVersion: header.text(21, 1),
    interfaceName: header.text(21, 2),
  };
}

/** Triggers taken, by message type; null takes any (those of admissions that nobody knows are acknowledged unread). */
const TRIGGERS: Readonly<Record<string, readonly string[] | null>> = {
  ORU: ['R01'],
  MDM: ['T02', 'T10', 'T04'],
  ADT: null,
};

/** HL7 versions taken, by message type. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  ORU: ['2.5', '2.5.1', '2.6'],
  MDM: ['2.6', '2.5', '2.5.1'],
  ADT: ['2.5', '2.5.1', '2.6'],
};

const PROCESSING: Readonly<Record<Environment, readonly string[]>> = {
  sandbox: ['P', 'T', 'D'],
  test: ['P', 'T', 'D'],
  production: ['P'],
};

/** Judges the header alone (first step of the validation order): what comes after could not be read rightly otherwise. */
export function judgeHead(message: Hl7Message, head: MessageHead, environment: Environment): Finding[] {
  const remarks = new Remarks();
  const { header } = message;
  const triggers = Object.hasOwn(TRIGGERS, head.type) ? TRIGGERS[head.type] : undefined;
  if (triggers === undefined)
    remarks.add('message.type-unknown', header.place(9), { type: head.type || '-' });
  else if (triggers !== null && !triggers.includes(head.trigger))
    remarks.add('message.event-unknown', header.place(9), { trigger: head.trigger || '-', type: head.type });
  if (head.controlId === '') remarks.add('message.field-missing', header.place(10), { field: 'MSH-10' });
  if (!PROCESSING[environment].includes(head.processingId)) {
    const values = {
      given: head.processingId || '-',
      allowed: PROCESSING[environment].join(', '),
      environment,
    };
    remarks.add('message.processing-id', header.place(11), values);
  }
  const versions = VERSIONS[head.type];
  if (versions && !versions.includes(head.version))
    remarks.add('message.version', header.place(12), { version: head.version || '-', allowed: versions[0]! });
  if (/_LPS$/i.test(head.interfaceName))
    remarks.add('message.reverse-direction', header.place(21), { name: head.interfaceName });
  if (message.charsetFallback) remarks.add('message.charset-fallback', header.place(18), {}, 'warning');
  return remarks.findings;
}

/** SHA-256 of everything that a message says; a sender that sends again may have written another instant in MSH-7. */
export function digestOf({ segments, header }: Hl7Message): string {
  const fields: Buffer[] = [];
  for (let field = 3; field <= header.lastField; field += 1)
    fields.push(field === 7 ? Buffer.alloc(0) : header.raw(field), SEPARATOR);
  const rest = segments.slice(1).flatMap((segment) => [segment.bytes, SEPARATOR]);
  return hash('sha256', Buffer.concat([...fields, ...rest]), 'hex');
}

const SEPARATOR = Buffer.from('\r');
