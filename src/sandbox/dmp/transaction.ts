import type { ViaducError } from '../../words/errors.ts';
import { isViaducError } from '../../words/errors.ts';
import type { Outcome } from './answer.ts';
import type { CheckContext } from './check.ts';
import { raise } from './errors.ts';
import { type Call, type Exchange, openExchange } from './exchange.ts';
import { lookUp, readExistenceQuery } from './existence.ts';
import { type DocumentQuery, find, readQuery } from './iti-18.ts';
import { deposit } from './iti-41.ts';
import { update } from './iti-57.ts';
import type { Seen } from './journal.ts';
import { checkLotSignature } from './lot-signature.ts';
import type { Endpoint } from './operations.ts';
import type { Received } from './receive.ts';
import { Report } from './report.ts';
import type { Simulation } from './simulation.ts';
import { addressingText, type Envelope, parseEnvelope } from './soap.ts';
import { lotUniqueId, readSubmission, readUpdate, type Submission, uniqueIdOf } from './submission.ts';
import { judgeVihf } from './vihf.ts';
import { openXop } from './xop.ts';

/** A request read as far as it can be: either ready to be judged, or with the fault that it earns. */
export interface Prepared {
  seen: Omit<Seen, 'at'>;
  /** Judges the request and keeps what it asks for. @throws ViaducError the fault to answer */
  process(): Promise<Outcome>;
}

/** What a question found. */
type Findings = Pick<Outcome, 'found' | 'existence'>;

/** What a transaction is about and how it is carried out. */
interface Work {
  uniqueIds: string[];
  /** What is brought or changed; absent for a question. */
  submission?: Submission;
  run(context: CheckContext): Findings;
}

/** Reads a request without doing anything yet; never throws over what the sender wrote. */
export function prepare(
  endpoint: Endpoint,
  received: Received,
  simulation: Simulation,
  peer: string | null,
): Prepared {
  const seen: Prepared['seen'] = { transaction: null, messageId: null, uniqueIds: [], header: '' };
  try {
    return read(endpoint, received, simulation, { seen, peer });
  } catch (error) {
    const fault = asFault(error);
    return { seen, process: () => Promise.reject(fault) };
  }
}

/** An error that can be answered: one of the catalogue, or the simulator's own failure. */
export function asFault(error: unknown): ViaducError {
  return isViaducError(error) ? error : raise('sandbox.internal', {}, error);
}

function read(
  endpoint: Endpoint,
  received: Received,
  simulation: Simulation,
  { seen, peer }: { seen: Prepared['seen']; peer: string | null },
): Prepared {
  const { root, attachments } = unpack(endpoint, received);
  const envelope = parseEnvelope(root);
  seen.header = envelope.headerText;
  seen.messageId = addressingText(envelope, 'MessageID');
  const call: Call = { endpoint, contentType: received.type, envelope };
  const exchange = openExchange(call, simulation.switches);
  seen.transaction = exchange.operation.transaction;
  const report = new Report(simulation.switches);
  const work = WORKS[exchange.operation.transaction](exchange, attachments, simulation, report);
  seen.uniqueIds = work.uniqueIds;
  const { switches, patients, store, trust, clock, usedVihf } = simulation;
  return {
    seen,
    async process() {
      const about = { switches, used: usedVihf, transaction: exchange.operation.transaction, peer };
      const judged = trust && switches.vihf === 'required';
      const vihf = judged ? await judgeVihf(envelope, { ...about, trust, nowMs: clock.now() }) : null;
      if (trust && work.submission)
        await checkLotSignature(work.submission, { trust, switches, report, nowMs: clock.now() });
      return outcomeOf(
        exchange,
        report,
        work.run({ switches, patients, store, report, vihf, nowMs: clock.now() }),
      );
    },
  };
}

function unpack(endpoint: Endpoint, { type, parts, body }: Received) {
  if (parts) return openXop(type, parts);
  if (endpoint === 'repository') throw raise('sandbox.not-mtom', { type: type.type });
  if (type.type !== 'application/soap+xml') {
    throw raise('sandbox.media-type', { type: type.type, expected: 'application/soap+xml' });
  }
  return { root: body!, attachments: new Map<string, Buffer>() };
}

function outcomeOf({ operation, messageId }: Exchange, report: Report, findings: Findings): Outcome {
  const { transaction, replyAction } = operation;
  return { transaction, replyAction, relatesTo: messageId, problems: report.problems, ...findings };
}

type Prepare = (
  exchange: Exchange,
  attachments: ReadonlyMap<string, Buffer>,
  simulation: Simulation,
  report: Report,
) => Work;

const WORKS: Readonly<Record<Exchange['operation']['transaction'], Prepare>> = {
  'iti-41': (exchange, attachments, simulation) => {
    const submission = readSubmission(exchange.payload, attachments);
    return submissionWork(submission, exchange.envelope, simulation, deposit);
  },
  'iti-57': (exchange, _, simulation) => {
    return submissionWork(readUpdate(exchange.payload), exchange.envelope, simulation, update);
  },
  'iti-18': (exchange, _, __, report) => queryWork(readQuery(exchange.payload, report), report),
  'td0.2': (exchange, _, __, report) => {
    const query = readExistenceQuery(exchange.payload, report);
    return { uniqueIds: [], run: (context) => ({ found: [], existence: lookUp(query, context) }) };
  },
};

function submissionWork(
  submission: Submission,
  envelope: Envelope,
  { store }: Simulation,
  carryOut: (submission: Submission, message: Buffer, context: CheckContext) => void,
): Work {
  const targets = submission.associations.map(({ target }) => store.entry(target)?.uniqueId);
  const uniqueIds = [lotUniqueId(submission), ...submission.documents.map(uniqueIdOf), ...targets];
  return {
    submission,
    uniqueIds: [...new Set(uniqueIds.filter((id): id is string => Boolean(id)))],
    run(context) {
      carryOut(submission, envelope.document.utf8, context);
      return { found: [] };
    },
  };
}

function queryWork(query: DocumentQuery, report: Report): Work {
  return {
    uniqueIds: query.uniqueIds,
    run: (context) => ({
      found: report.failed ? [] : find(query, context).map((entry) => entry.entryUuid),
    }),
  };
}
