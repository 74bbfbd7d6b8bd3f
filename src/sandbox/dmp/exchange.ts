import { children, elementsOf, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { raise } from './errors.ts';
import type { MediaType } from './media-type.ts';
import { ANONYMOUS, WSA_NS, WSSE_NS } from './names.ts';
import { DENIED_ACTIONS, type Endpoint, OPERATIONS, type Operation } from './operations.ts';
import { addressing, addressingText, type Envelope, mustUnderstand, payloadOf } from './soap.ts';
import type { Switches } from './switches.ts';

/** A request whose envelope was parsed, before anything in it is believed. */
export interface Call {
  endpoint: Endpoint;
  contentType: MediaType;
  envelope: Envelope;
}

/** A request whose envelope passed every check: the transaction is known. */
export interface Exchange extends Call {
  operation: Operation;
  messageId: string;
  payload: XmlElement;
}

/** Judges the envelope of a call; throws the fault that the DMP would answer. */
export type EnvelopeCheck = (call: Call, switches: Switches) => void;

/** In the order in which a server looks: what a header says is believed only after the headers before it. */
export const ENVELOPE_CHECKS: readonly EnvelopeCheck[] = [
  checkUnderstood,
  checkMessageId,
  checkAction,
  checkReplyTo,
];

/** @throws ViaducError of the first check that fails */
export function openExchange(call: Call, switches: Switches): Exchange {
  for (const check of ENVELOPE_CHECKS) check(call, switches);
  const operation = operationOf(call);
  return {
    ...call,
    operation,
    messageId: addressingText(call.envelope, 'MessageID')!,
    payload: payloadOf(call.envelope, operation.payload),
  };
}

/** Accounts of patients are made, changed and closed by others than a gateway (TD1.x). */
const PATIENT_ACTION = /^urn:hl7-org:v3:PRPA_IN\d{6}UV\d\d$/;

function operationOf({ endpoint, envelope }: Call): Operation {
  const action = addressingText(envelope, 'Action')!;
  const found = OPERATIONS.find((one) => one.action === action && one.endpoint === endpoint);
  if (found) return found;
  const denied = DENIED_ACTIONS.get(action);
  if (denied?.endpoint === endpoint) throw raise('sandbox.right-denied', { operation: denied.operation });
  if (endpoint === 'patients' && PATIENT_ACTION.test(action))
    throw raise('sandbox.right-denied', { operation: `TD1.x (${action})` });
  throw raise('sandbox.action-unknown', { action });
}

/** Blocks that may be marked mustUnderstand: addressing, and security, which the transport and the VIHF bring. */
function checkUnderstood({ envelope }: Call): void {
  const strange = envelope.header
    ? elementsOf(envelope.header).find((one) => mustUnderstand(one) && !isUnderstood(one))
    : null;
  if (strange)
    throw raise('sandbox.header-not-understood', { header: `{${strange.name.ns}}${strange.name.local}` });
}

function isUnderstood(header: XmlElement): boolean {
  return header.name.ns === WSA_NS || isElement(header, 'Security', WSSE_NS);
}

function checkMessageId({ envelope }: Call): void {
  demand(envelope, 'MessageID', /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/, 'urn:uuid:…');
}

function checkAction({ envelope, contentType }: Call, switches: Switches): void {
  const action = demand(envelope, 'Action', /^\S+$/, 'urn:ihe:iti:…');
  const [header] = addressing(envelope, 'Action');
  if (switches.actionMustUnderstand === 'required' && !mustUnderstand(header!)) {
    throw raise('sandbox.addressing-invalid', { header: 'Action', expected: 'mustUnderstand="1"' });
  }
  const declared = contentType.parameters.get('action');
  if (declared !== undefined && declared !== action) throw raise('sandbox.action-mismatch');
}

function demand(envelope: Envelope, header: string, form: RegExp, expected: string): string {
  if (addressing(envelope, header).length === 0) throw raise('sandbox.addressing-missing', { header });
  const text = addressingText(envelope, header);
  if (text === null || !form.test(text)) throw raise('sandbox.addressing-invalid', { header, expected });
  return text;
}

/** Answers go back on the connection: no other address is served. */
function checkReplyTo({ envelope }: Call, switches: Switches): void {
  const found = addressing(envelope, 'ReplyTo');
  if (found.length === 0 && switches.replyTo === 'optional') return;
  if (found.length === 0) throw raise('sandbox.addressing-missing', { header: 'ReplyTo' });
  const [address] = children(found[0]!, 'Address', WSA_NS);
  if (found.length > 1 || !address || textOf(address).trim() !== ANONYMOUS) {
    throw raise('sandbox.addressing-invalid', { header: 'ReplyTo', expected: ANONYMOUS });
  }
}
