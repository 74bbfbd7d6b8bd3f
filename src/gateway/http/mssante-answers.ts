import { Type } from 'typebox';
import { count, nullable, one, open, Problem, text, words } from './answer-shapes.ts';

const listFacts = {
  ...{ sha256: text(), generated: nullable(text('as the list says')), domains: count },
  unreadable: count,
};
const MailDomains = open({
  inUse: nullable(open(listFacts, 'null: nothing is sent')),
  waiting: nullable(
    open({ ...listFacts, lost: open({ count, domains: Type.Array(text()) }, 'in use, and not in it') }),
  ),
  problem: nullable(open({ code: text(), message: text(), remedy: text() })),
  readAt: words,
});

const Holder = {
  kind: text(),
  name: words,
  identifiers: Type.Array(open({ system: text(), value: text() })),
};
const MailboxKnown = open({
  ...{ address: text(), type: nullable(one('PER', 'ORG', 'APP', 'CAB')), redListed: Type.Boolean() },
  digitization: nullable(Type.Boolean({ description: 'false: its holder asks for paper too' })),
  ...{ description: words, rank: nullable(count) },
});
const Unknown = open({
  standing: one('not-published', 'unavailable'),
  problem: Type.Optional(open({ code: text(), message: text(), remedy: text() })),
});
const AddressKnown = open({
  ...{ standing: one('known'), mailbox: MailboxKnown },
  holders: Type.Array(open(Holder), { description: 'none for a mailbox of the red list' }),
});
const PersonKnown = open({
  ...{ standing: one('known'), ...Holder, mailboxes: Type.Array(MailboxKnown) },
  activities: Type.Array(open({ structure: nullable(open(Holder)), mailboxes: Type.Array(MailboxKnown) })),
});

/** Answers of the routes of MSSanté. */
export const MSSANTE_ANSWERS: Readonly<Record<string, { answers: Record<number, Type.TSchema> }>> = {
  'GET /api/mssante/white-list': { answers: { 200: MailDomains, 404: Problem } },
  'POST /api/mssante/white-list/accept': { answers: { 200: MailDomains, 404: Problem, 409: Problem } },
  'GET /api/mssante/directory': {
    answers: {
      200: Type.Union([AddressKnown, PersonKnown, Unknown]),
      ...{ 400: Problem, 404: Problem, 422: Problem },
    },
  },
};
