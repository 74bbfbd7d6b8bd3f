import { limits } from '../../words/limits.ts';

export const mailboxLimits = limits({
  pollMs: { value: 1000, unit: 'ms', why: 'how late a document or an answer that became due may be noticed' },
  pauseMs: { value: 2000, unit: 'ms', why: 'between two looks at a ledger that cannot be read or written' },
  leaseMs: {
    value: 600_000,
    unit: 'ms',
    why: 'one step of a mailbox: an acknowledgement is waited for, or a mail is handed over to a slow operator',
  },
  mailsPerTurn: { value: 20, unit: 'mails', why: 'read at once into memory as rows, not as bytes' },
  answersPerHour: {
    value: 600,
    unit: 'answers',
    why: 'to one address; a laboratory hands over its night at once, a loop of two machines has no end. More leave an hour later',
  },
  answerForMs: {
    value: 172_800_000,
    unit: 'ms',
    why: 'how long an answer is tried: two days, as an operator tries a mail',
  },
});
