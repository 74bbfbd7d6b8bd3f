import { Type } from 'typebox';
import { count, nullable, one, text, words } from './answer-shapes.ts';

/** What the routes of received mails answer, for the interface description. */

const mail = {
  id: text(),
  receivedAt: text('ISO 8601, UTC'),
  mailbox: text(),
  kind: one('dsn', 'mdn', 'ko', 'bounce', 'document', 'quarantine', 'patient', 'human'),
  reason: words,
  message: words,
  outcome: nullable(one('handed-on', 'set-aside')),
  code: nullable(text('why its documents were set aside')),
  why: words,
  remedy: words,
};

export const ReceivedMail = Type.Object(mail);

const ReceivedDocument = Type.Object({
  ...{ id: text('of the integration'), place: count, uniqueId: text(), typeCode: text(), level: count },
  operation: one('deposit', 'replace', 'delete'),
  replaces: words,
  visibility: Type.Object({}),
  codes: Type.Array(text(), { description: 'what was found in the archive about it' }),
  ...{ sha256: text(), size: count, verdict: Type.Object({}) },
  ...{ consumer: text(), controlId: text('MSH-10, the same on every repetition') },
  state: one('due', 'parked', 'acknowledged', 'refused', 'closed'),
  ...{ attempts: count, code: words, message: words, dueAt: words, endedAt: words },
});

const Answer = Type.Object({
  ...{ id: words, kind: nullable(one('mdn', 'ko')), errors: Type.Array(text('900 to 906')) },
  state: one('due', 'sending', 'sent', 'in-doubt', 'failed', 'omitted'),
  ...{ attempts: count, code: words, message: words, decidedAt: text(), sentAt: words },
});

export const WholeMail = Type.Object({
  ...mail,
  documents: Type.Array(ReceivedDocument),
  answer: nullable(Answer),
});

/** Answers by method and address; `problem`: the schema of a refusal. */
export function mailAnswers(problem: Type.TSchema) {
  const decided = (schema: Type.TSchema) => ({ answers: { 200: schema, 404: problem, 409: problem } });
  return {
    'GET /api/mails': {
      answers: {
        200: Type.Object({ items: Type.Array(ReceivedMail), next: nullable(text('give it as `cursor`')) }),
      },
    },
    'GET /api/mails/:id': { answers: { 200: WholeMail } },
    'GET /api/mails/:id/raw': {
      answers: { 200: Type.String({ description: 'message/rfc822: the mail as it came' }), 410: problem },
    },
    'POST /api/mails/:id/resume': decided(WholeMail),
    'POST /api/integrations/:id/resume': decided(ReceivedDocument),
    'POST /api/integrations/:id/close': decided(ReceivedDocument),
  };
}
