import { hash } from 'node:crypto';
import type { DocumentFacts } from '../../words/document.ts';
import { isViaducError } from '../../words/errors.ts';
import type { Finding } from '../../words/findings.ts';
import { newId } from '../../words/ids.ts';
import type { MessageOrigin } from '../../words/notice.ts';
import type { Arrival, ClosedMail, Reception, Refusal } from '../arrival.ts';
import { intakeError } from '../errors.ts';
import { type Receiver, receive } from '../receive.ts';
import { findingOf, type Known, recordRefusal, refusalOf, storedAnswer } from '../refusal.ts';
import { judgeCoherence } from './coherence.ts';
import { readDocuments } from './documents.ts';
import { readMetadata } from './flags.ts';
import type { Answer, Handler, Incoming, PlacedFinding } from './handler.ts';
import { readOperation } from './operation.ts';
import { readParticipants } from './participants.ts';
import { readPatient } from './patient.ts';
import { interfaceOf, rulesOf } from './profile.ts';
import { placeText, Remarks } from './remarks.ts';
import { requestOf } from './request.ts';
import { carriesDocument, readStructure } from './structure.ts';

/** What is settled for this door as a whole. */
export interface DocumentSettings {
  closedMail: ClosedMail;
}

/** Takes ORU and MDM: documents to deposit, replace or delete. */
export function documentHandler(receiver: Receiver, settings: DocumentSettings): Handler {
  return async (incoming) => {
    const known: Known = {
      ...{ establishment: incoming.establishment, sender: incoming.sender, door: 'mllp' },
      ...{ requestKey: incoming.requestKey, requestSha256: incoming.requestSha256 },
    };
    try {
      return answerOf(await take(receiver, settings, incoming, known), incoming);
    } catch (error) {
      if (!isViaducError(error) || error.class !== 'invalid') throw error;
      // A control identifier used again for other content: the first answer stands, this one is not recorded.
      return { code: 'AE', findings: [findingOf(error)], reference: null, atMs: incoming.receivedAtMs };
    }
  };
}

async function take(
  receiver: Receiver,
  settings: DocumentSettings,
  incoming: Incoming,
  known: Known,
): Promise<Reception> {
  const read = readRequest(incoming);
  if (!('request' in read)) return refuse(receiver, incoming, known, read.findings);
  const { rules } = read;
  const sender = rules ? { ...known.sender, policy: { ...known.sender.policy, rules } } : known.sender;
  const arrival: Arrival = {
    ...known,
    ...{ sender, request: read.request, documents: read.documents, findings: read.findings },
    ...{ coherence: read.coherence, turn: incoming.turn, closedMail: settings.closedMail },
    origin: originOf(incoming),
  };
  return receive(receiver, arrival);
}

/** By what notices about it will be addressed and recognised. */
function originOf({ head }: Incoming): MessageOrigin {
  const { controlId, application, facility, receivingApplication, receivingFacility, processingId } = head;
  return { controlId, application, facility, receivingApplication, receivingFacility, processingId };
}

type Read =
  | { findings: Finding[] }
  | (Pick<Arrival, 'request' | 'documents'> & {
      findings: Finding[];
      coherence: (facts: DocumentFacts, index: number) => Finding[];
      rules: ReturnType<typeof rulesOf>;
    });

/**
 * Reads a document message step by step in the order of the interface; the first step that finds an error is the last,
 * and everything that it finds is said. Exported for whoever replays a kept message.
 */
export function readRequest({ message, head, sender, establishment, profile }: Incoming): Read {
  const remarks = new Remarks();
  const face = interfaceOf(profile, head.interfaceVersion, head.interfaceName);
  if (!face) {
    const known = Object.entries(profile.interfaces).map(([version, { name }]) => `${version}^${name}`);
    remarks.add('message.interface-unknown', message.header.place(21), {
      version: head.interfaceVersion.slice(0, 20) || '-',
      name: head.interfaceName.slice(0, 40) || '-',
      known: known.join(', '),
    });
    return remarks;
  }
  const parts = readStructure(message, head.type, { profile, face }, remarks);
  if (!parts || remarks.refuses) return remarks;
  const metadata = readMetadata(parts, profile, remarks);
  if (remarks.refuses) return remarks;
  const { operation, typeCode } = readOperation(head, parts, face, remarks);
  if (remarks.refuses) return remarks;
  const documents = readDocuments(parts.documents, profile, remarks);
  if (remarks.refuses) return remarks;
  const patient = readPatient(parts.pid, profile, remarks);
  const participants = readParticipants(parts.documents[0]!, { metadata, patient, profile }, remarks);
  if (remarks.refuses) return remarks;
  const said = { operation, parts, patient, metadata, participants };
  const request = requestOf(said, { sender, establishment }, remarks);
  const announced = { parts, patient, operation, typeCode, traits: profile.traits };
  return {
    ...{ request, documents, findings: remarks.findings },
    coherence: (facts, index) => judgeCoherence(announced, facts, index),
    rules: rulesOf(profile, sender.policy.rules),
  };
}

/** A message that is refused before its document is judged: kept whole, under a reference. */
async function refuse(
  receiver: Receiver,
  { message, turn }: Incoming,
  known: Known,
  findings: readonly Finding[],
): Promise<Reception> {
  await turn;
  const stored = await storedAnswer(receiver.ledger.of(known.establishment.id), known);
  if (stored) return stored;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const submission = newId(receiver.clock.now());
  const whole = refusalOf(intakeError('document.invalid', { errors }), [], findings);
  const [first] = findings.filter(({ severity }) => severity === 'error');
  return recordRefusal(receiver, known, {
    ...{ submission, refusal: { ...whole, code: first!.code } },
    ...{ bytes: message.bytes, sha256: hash('sha256', message.bytes, 'hex') },
    subject: { ins: null, ipp: null },
  });
}

function answerOf(reception: Reception, incoming: Incoming): Answer {
  const about = { reference: reception.submission, atMs: incoming.receivedAtMs };
  if (reception.accepted) return { code: 'AA', findings: reception.warnings, ...about };
  return { code: codeOf(reception.refusal), findings: placed(reception.refusal, incoming), ...about };
}

/** What was found in a document is at the OBX that carries it. */
function placed({ findings, verdicts }: Refusal, { message, profile }: Incoming): PlacedFinding[] {
  const carriers = message.all('OBX').filter((obx) => carriesDocument(obx, profile));
  const inside = verdicts.flatMap((verdict, index) => {
    const carrier = carriers[index];
    return verdict.findings.map((one) => (carrier ? { ...one, at: placeText(carrier.place(5)) } : one));
  });
  return [...findings.slice(0, findings.length - inside.length), ...inside];
}

/** What the sender can do nothing about may be sent again; everything else is wrong as it is. */
function codeOf({ status }: { status: number }): 'AE' | 'AR' {
  return status >= 500 ? 'AR' : 'AE';
}
