import { Type } from 'typebox';
import { RequestInputSchema } from '../../intake/http/complete.ts';
import { ListedAlarm } from './alarm-answers.ts';
import { count, nullable, one, open, Problem, page, text, words } from './answer-shapes.ts';
import { mailAnswers } from './mail-answers.ts';
import { MSSANTE_ANSWERS } from './mssante-answers.ts';

/** What the routes answer, for the interface description; answers themselves are not run through these schemas. */

const Finding = open({
  code: text('stable'),
  severity: one('error', 'warning', 'info'),
  source: text('xml, cda, xsd, schematron, ins, dmp, request…'),
  schema: words,
  message: text('in the language asked for'),
  detail: text('in English, for the log'),
  location: nullable(text('XPath')),
  line: nullable(count),
  column: nullable(count),
  pack: words,
  remedy: words,
  rule: Type.Optional(
    open({
      context: text(),
      test: text(),
      file: text('path in the pack'),
      line: count,
      kind: one('assert', 'report'),
      pattern: words,
    }),
  ),
});

const Profile = open({
  pack: text(),
  model: nullable(text('null when no model of the pack answers for the document')),
  edition: words,
  sha256: Type.Optional(text()),
  chosenBy: Type.Optional(one('header', 'instruction', 'file-name', 'request')),
  schematrons: Type.Optional(Type.Array(text())),
  satisfied: Type.Optional(Type.Boolean()),
  tried: Type.Optional(Type.Array(open({ pack: text(), edition: words, errors: count }))),
});

const Verdict = open({
  judgement: one('valid', 'invalid', 'not-judged'),
  findings: Type.Array(Finding),
  notEvaluated: Type.Array(open({ rule: text(), reason: text() })),
  packs: Type.Array(open({ id: text(), sha256: text() })),
  profile: nullable(Profile),
});

const PackInForce = open({
  id: text('edition'),
  sha256: text('over every file of rules and the choices made: what verdicts name'),
  from: words,
  until: words,
  models: count,
  problems: Type.Integer({ minimum: 0, description: 'files missing or broken' }),
});

const KeptPack = open({
  id: text(),
  sha256: text(),
  models: count,
  profiles: count,
  problems: count,
  activations: Type.Array(open({ from: text(), until: words, by: text() })),
});

const Refusal = open(
  {
    ...Problem.properties,
    instance: text('where the report of the refusal is read again'),
    submission: text(),
    findings: Type.Array(Finding),
    verdicts: Type.Array(Verdict),
  },
  'RFC 9457, with everything found at once',
);

const State = one('waiting', 'due', 'sending', 'ambiguous', 'parked', 'final');
const Outcome = nullable(one('delivered', 'refused', 'cancelled', 'superseded', 'unconfirmed'));
const Destination = open({
  kind: one('dmp', 'mssante'),
  class: Type.Optional(text()),
  address: Type.Optional(nullable(text('of a mail; its domain only to roles that may not see identities'))),
});

const Hold = nullable(
  open({
    reason: text(),
    until: text('ISO 8601'),
    atEnd: one('release', 'escalate'),
    origin: one('request', 'rule', 'person'),
    by: words,
  }),
);

const WaitingFor = nullable(
  open(
    {
      reason: one(
        ...['hold', 'predecessor', 'permission', 'person', 'destination-stopped', 'destination-parked'],
        ...['circuit', 'receipt', 'schedule', 'rate', 'lane'],
      ),
      until: nullable(text('when it goes on by itself')),
      code: words,
      delivery: nullable(text('that must end first')),
    },
    'why it has not left',
  ),
);

const Delivery = open({
  id: text(),
  destination: Destination,
  operation: one('deposit', 'replace', 'delete'),
  state: State,
  outcome: Outcome,
  code: nullable(text('of the outcome, or of why it waits')),
  message: nullable(text('the code in the language asked for; null where it needs no words')),
  remedy: nullable(text('what to do next')),
  lane: one('live', 'retried', 'historic'),
  dueAt: words,
  waitsFor: nullable(text('delivery that must end first')),
  hold: Hold,
  waitingFor: WaitingFor,
  results: Type.Array(open({ uniqueId: text(), outcome: text(), code: text() })),
  attemptCount: count,
  attempts: Type.Array(
    open({
      ...{ attempt: count, startedAt: text(), endedAt: words, result: words, code: words },
      receipt: nullable(text('what was answered: GET /api/deliveries/{id}/receipts/{receipt}')),
      traces: Type.Array(open({ code: text(), message: words })),
    }),
  ),
  receipt: nullable(open({ id: text(), sha256: text(), at: words })),
  accepted: Type.Optional(
    nullable(open({ at: text(), code: text(), size: count }, 'of a mail: when the operator took it over')),
  ),
  receipts: Type.Optional(
    Type.Array(
      open({
        ...{ id: text(), at: text(), mail: text(), kind: one('dsn', 'mdn', 'ko', 'bounce') },
        action: nullable(one('delivered', 'relayed', 'expanded', 'delayed', 'failed')),
        disposition: nullable(text('of an MDN, such as `processed`')),
        failed: Type.Boolean(),
        status: nullable(text('of a DSN, RFC 3463')),
        ...{ code: words, label: words },
        body: nullable(text('the mail itself: GET /api/deliveries/{id}/receipts/{receipt}')),
      }),
      { description: 'of a mail: what came back after it, in the order of arrival' },
    ),
  ),
});

const Heading = {
  id: text(),
  receivedAt: text('ISO 8601, UTC'),
  sender: text(),
  door: one('http', 'mllp', 'fhir', 'mailbox'),
  operation: nullable(one('deposit', 'replace', 'delete')),
  state: one('refused', 'held', 'open', 'final'),
  code: words,
  target: words,
  stay: nullable(Type.Object({})),
};

const Document = open({
  uniqueId: text(),
  setId: words,
  versionNumber: nullable(count),
  typeCode: text(),
  level: one3(),
  size: count,
  sha256: text(),
  verdict: open({ ...Verdict.properties, codes: Type.Array(text()) }),
});

function one3() {
  return Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]);
}

export const Submission = open({
  ...Heading,
  documents: Type.Array(Document),
  deliveries: Type.Array(Delivery),
  timeline: Type.Array(open({ at: text(), seq: count, type: text() })),
});

export const ListedSubmission = open({
  ...Heading,
  documents: Type.Array(
    open({
      uniqueId: text(),
      typeCode: text(),
      level: one3(),
      verdict: open({ judgement: Verdict.properties.judgement! }),
    }),
  ),
  deliveries: Type.Array(
    open({
      ...{ id: text(), destination: Destination, state: State, outcome: Outcome, code: words },
      ...{ hold: Hold, waitingFor: WaitingFor },
    }),
  ),
});

export const Validation = open({
  valid: nullable(Type.Boolean({ description: 'null: not judged' })),
  document: nullable(open({ uniqueId: text(), typeCode: words, level: count })),
  sha256: text(),
  ...Verdict.properties,
  ms: Type.Number(),
});

const MailFacts = open({ accepted: count, relayed: count, delivered: count });

const Figure = open({
  code: text(),
  label: text(),
  numerator: nullable(count),
  denominator: nullable(count),
  target: nullable(Type.Union([Type.Number(), Type.Boolean()])),
  met: nullable(Type.Boolean()),
  percent: nullable(text('cut, never rounded up')),
  coverage: nullable(Type.Object({})),
  mails: Type.Optional(
    open({
      counts: one('accepted', 'relayed', 'delivered'),
      units: MailFacts,
      sendings: MailFacts,
      unconfirmed: count,
      bounced: count,
    }),
  ),
  notComputableBecause: Type.Optional(text('stable code')),
  notComputableMessage: Type.Optional(text('that code in words, in French')),
});

export const Figures = open({
  window: Type.Optional(text()),
  period: Type.Optional(text()),
  zone: text(),
  scope: open({ level: one('EJ', 'EG'), finess: text() }),
  asOf: text(),
  observedUntil: text(),
  variant: one('live', 'official'),
  definition: open({ id: text(), version: text(), sha256: text(), status: one('official', 'working') }),
  settings: Type.Object({}),
  environment: one('sandbox', 'test', 'production'),
  frozen: Type.Boolean(),
  indicators: Type.Array(Figure),
});

const OpenedFigure = open({
  ...Figure.properties,
  counted: Type.Array(Type.Object({})),
  lacking: Type.Array(Type.Object({})),
});

const Imported = open({
  import: text(),
  fileSha256: text(),
  added: count,
  changed: count,
  unchanged: count,
  unreportedErrors: count,
  errors: Type.Array(
    open({
      ...{ line: count, column: words, code: text() },
      message: text('in the language asked for'),
      remedy: text(),
    }),
  ),
});

const Verification = open({
  establishment: text(),
  environment: words,
  events: count,
  seals: count,
  sealedTo: count,
  witnessedTo: nullable(count),
  erased: count,
  decisions: Type.Array(open({ decision: text(), events: count, erased: count })),
  notChecked: count,
  problems: Type.Array(open({ code: text(), message: text() })),
});

const Token = open({ id: text(), name: text(), sender: words, grants: Type.Array(Type.Object({})) });
const Step = nullable(open({ at: text(), by: text(), reason: words }));
const Withdrawal = open({
  id: text(),
  state: one('asked', 'confirmed', 'refused', 'cancelled', 'settled'),
  documents: Type.Array(text('uniqueId')),
  deposits: Type.Array(text('deliveries by which they are in the DMP')),
  item: nullable(text('of the work list, that it answers')),
  reason: text(),
  submission: nullable(text('the submission that deletes, once confirmed')),
  asked: open({ at: text(), by: text() }),
  decided: Step,
  ended: Step,
  deliveries: Type.Array(
    open({
      ...{ id: text(), documents: Type.Array(text()), state: text(), outcome: words, code: words },
      ...{ finishedAt: words, message: words, remedy: words },
    }),
  ),
});
const RetryFilter = open({
  state: one('parked', 'held'),
  code: Type.Optional(Type.Array(text())),
  sender: Type.Optional(Type.Array(text())),
  type: Type.Optional(Type.Array(text())),
  destination: Type.Optional(one('dmp', 'mssante')),
  holdOrigin: Type.Optional(Type.Array(one('request', 'rule', 'person'))),
  holdReason: Type.Optional(Type.Array(text())),
  from: Type.Optional(text()),
  to: Type.Optional(text()),
});
const counts = (description: string) => Type.Record(Type.String(), count, { description });
const Cause = open({ code: words, message: words, remedy: words, count });

export const RetryPreview = open({
  id: text(),
  state: one('preview'),
  filter: RetryFilter,
  count,
  at: text(),
  until: text('when it is forgotten unless it is started'),
  causes: Type.Array(
    open({
      ...{ code: words, message: words, remedy: words, count },
      hold: nullable(open({ origin: one('request', 'rule', 'person'), reason: text(), by: words })),
    }),
  ),
  sample: Type.Array(
    open({
      ...{
        delivery: text(),
        submission: text(),
        sender: text(),
        receivedAt: text(),
        code: words,
        hold: Hold,
      },
      ...{ documents: Type.Array(text()), types: Type.Array(text()) },
    }),
  ),
});

export const RetryRun = open({
  ...{ id: text(), state: one('running', 'paused', 'stopped', 'done'), filter: RetryFilter, count },
  ...{ startedAt: text(), startedBy: text(), reason: text(), ratePerMinute: count },
  ...{ changedAt: text(), changedBy: words, pending: count, opened: count },
  skipped: counts('left out, by reason'),
  outcomes: counts('of those opened: outcome, or the state in which they stand'),
  codes: Type.Array(Cause),
});
const retried = { answers: { 200: RetryRun, 404: Problem, 409: Problem } };

const withdrawn = { answers: { 200: Withdrawal, 403: Problem, 409: Problem } };
const Definition = open({ id: text(), version: text(), sha256: text() });
const Event = open({
  establishment: text(),
  seq: count,
  at: text(),
  type: text(),
  data: Type.Object({}),
  hash: text(),
});

const list = Type.Array(Type.Object({}));
const PersonReport = open({
  at: text(),
  establishment: open({ id: text(), name: text() }),
  persons: Type.Array(text('random identifiers under which events speak of the person')),
  ...{ identities: list, consents: list, dmp: nullable(open({ status: text(), at: text() })) },
  ...{ stays: list, exams: list, submissions: list, received: list },
  accesses: Type.Array(
    open({
      at: text(),
      act: one('report', 'erasure-asked', 'document', 'receipt', 'mail'),
      by: text(),
      reason: text(),
    }),
  ),
});
const Erasure = open({
  state: one('asked', 'erased'),
  confirm: Type.Optional(text('what the second person gives to confirm')),
  events: Type.Optional(Type.Array(count)),
  ...{ persons: count, submissions: count, bodies: count, bytes: count, stays: count, exams: count },
});

const WhereTo = open({
  ...{ id: text(), kind: one('dmp', 'mssante'), via: text('structure by whose access it is reached') },
  state: one('closed', 'open', 'half-open', 'parked', 'stopped'),
  ...{ since: words, code: words, message: words, remedy: words, by: words, reason: words },
  nextProbeAt: words,
  depth: open({ live: count, retried: count, historic: count }),
  ...{ oldestAt: words, oldestAgeSeconds: nullable(count), sending: count },
  ...{ inPerMinute: Type.Number(), outPerMinute: Type.Number() },
});

const actedOn = { answers: { 200: ListedAlarm, 404: Problem, 409: Problem, 422: Problem } };

const documentBody = {
  content: {
    'application/xml': { schema: Type.String({ description: 'the CDA, byte for byte' }) },
    'multipart/form-data': {
      schema: open({ request: RequestInputSchema, document: Type.String({ format: 'binary' }) }),
    },
  },
};
const csvBody = { content: { 'text/csv': { schema: Type.String() } } };

/** Body and answers of each route, by method and address; whatever is not named answers a problem. */
export const ANSWERS: Readonly<Record<string, { body?: object; answers: Record<number, Type.TSchema> }>> = {
  'GET /health/live': { answers: { 200: open({ status: text() }) } },
  'GET /health/ready': { answers: { 200: open({ status: text() }), 503: open({ status: text() }) } },
  'GET /metrics': { answers: { 200: text('text format of Prometheus'), 401: Problem, 403: Problem } },
  'GET /api/alarms': { answers: { 200: page(ListedAlarm) } },
  'POST /api/alarms/:id/acknowledge': actedOn,
  'POST /api/alarms/:id/silence': actedOn,
  'POST /api/submissions': {
    body: documentBody,
    answers: { 200: Submission, 202: Submission, 409: Refusal, 422: Refusal },
  },
  'GET /api/submissions': { answers: { 200: page(ListedSubmission) } },
  'GET /api/submissions/:id': { answers: { 200: Submission } },
  'POST /api/submissions/:id/hold': { answers: { 200: Submission, 403: Problem, 409: Problem } },
  'POST /api/submissions/:id/release': { answers: { 200: Submission, 403: Problem, 409: Problem } },
  'POST /api/submissions/:id/cancel': { answers: { 200: Submission, 409: Problem } },
  'POST /api/validate': { body: documentBody, answers: { 200: Validation, 503: Validation } },
  'POST /api/deliveries/:id/retry': { answers: { 200: Delivery, 409: Problem } },
  'POST /api/deliveries/:id/stop': { answers: { 200: Delivery, 409: Problem } },
  'POST /api/deliveries/:id/close': { answers: { 200: Delivery, 409: Problem } },
  'POST /api/withdrawals': { answers: { 201: Withdrawal, 404: Problem, 409: Problem } },
  'GET /api/withdrawals': { answers: { 200: page(Withdrawal) } },
  'GET /api/withdrawals/:id': { answers: { 200: Withdrawal } },
  'POST /api/withdrawals/:id/confirm': withdrawn,
  'POST /api/withdrawals/:id/refuse': withdrawn,
  'POST /api/withdrawals/:id/cancel': withdrawn,
  'POST /api/withdrawals/:id/settle': withdrawn,
  'GET /api/destinations': { answers: { 200: page(WhereTo) } },
  'POST /api/destinations/:id/stop': { answers: { 200: WhereTo, 409: Problem } },
  'POST /api/destinations/:id/resume': { answers: { 200: WhereTo, 409: Problem } },
  'POST /api/retries': { answers: { 200: Type.Union([RetryPreview, RetryRun]), 400: Problem, 422: Problem } },
  'POST /api/retries/:id/start': retried,
  'POST /api/retries/:id/pause': retried,
  'POST /api/retries/:id/resume': retried,
  'POST /api/retries/:id/stop': retried,
  'GET /api/retries': { answers: { 200: page(RetryRun) } },
  'GET /api/retries/:id': { answers: { 200: Type.Union([RetryPreview, RetryRun]) } },
  'GET /api/indicators': { answers: { 200: Figures } },
  'GET /api/indicators/:code': { answers: { 200: OpenedFigure } },
  'GET /api/definitions': { answers: { 200: page(Definition) } },
  'POST /api/stays': { body: csvBody, answers: { 200: Imported, 422: Problem } },
  'POST /api/exams': { body: csvBody, answers: { 200: Imported, 422: Problem } },
  'GET /api/submissions/:id/documents/:uniqueId': {
    answers: { 200: Type.String({ description: 'application/xml: the document as it came' }), 410: Problem },
  },
  'GET /api/deliveries/:id/receipts/:receipt': {
    answers: {
      200: Type.String({ description: 'application/octet-stream: the answer as it came' }),
      410: Problem,
    },
  },
  'POST /api/persons/report': { answers: { 200: PersonReport, 404: Problem } },
  'POST /api/persons/erase': { answers: { 200: Erasure, 403: Problem, 404: Problem, 409: Problem } },
  'GET /api/ledger/events': { answers: { 200: page(Event) } },
  'GET /api/ledger/key': { answers: { 200: open({ environment: text(), publicKey: text('PEM') }) } },
  'GET /api/ledger/verification': { answers: { 200: Verification } },
  'POST /api/tokens': { answers: { 201: open({ id: text(), token: text('shown once') }) } },
  'GET /api/tokens': { answers: { 200: page(Token) } },
  'DELETE /api/tokens/:id': { answers: { 204: Type.Null({ description: 'revoked' }) } },
  'GET /api/packs': { answers: { 200: page(KeptPack) } },
  'POST /api/packs/:name/activate': { answers: { 200: KeptPack } },
  'POST /api/packs/:name/deactivate': { answers: { 200: KeptPack } },
  'DELETE /api/packs/:name': { answers: { 204: Type.Null({ description: 'deleted' }) } },
  ...mailAnswers(Problem),
  ...MSSANTE_ANSWERS,
  'GET /api/conformance': {
    answers: {
      200: open({
        product: open({ name: text(), version: text() }),
        environment: text(),
        interfaces: Type.Object({}),
        packs: Type.Array(PackInForce),
        definitions: Type.Array(Definition),
        destinations: Type.Array(text()),
        runtime: text(),
      }),
    },
  },
};
