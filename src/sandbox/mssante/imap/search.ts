import type { StoredMail } from '../mailbox.ts';
import { headerBlock } from '../mime.ts';
import { type Argument, setOf } from './lines.ts';

/** A mail with its number in the session. */
export interface Numbered {
  sequence: number;
  mail: StoredMail;
}

export type Test = (one: Numbered) => boolean;

/** Greatest sequence number and UID, for `*`. */
export interface Greatest {
  sequence: number;
  uid: number;
}

const FLAGS: Readonly<Record<string, string>> = {
  SEEN: '\\Seen',
  DELETED: '\\Deleted',
  FLAGGED: '\\Flagged',
  ANSWERED: '\\Answered',
  DRAFT: '\\Draft',
};

/** Reads the criteria of SEARCH, all of which must hold; null where one is not known here. */
export function searchTest(criteria: readonly Argument[], greatest: Greatest): Test | null {
  const left = [...criteria];
  const tests: Test[] = [];
  while (left.length > 0) {
    const test = oneTest(left, greatest);
    if (!test) return null;
    tests.push(test);
  }
  return (one) => tests.every((test) => test(one));
}

/** Takes one criterion from the front. */
function oneTest(left: Argument[], greatest: Greatest): Test | null {
  const first = left.shift();
  if (Array.isArray(first)) return searchTest(first, greatest);
  const word = (first ?? '').toUpperCase();
  if (word === 'NOT') return negated(oneTest(left, greatest));
  if (word === 'OR') return either(oneTest(left, greatest), oneTest(left, greatest));
  const flag = FLAGS[word];
  if (flag !== undefined) return ({ mail }) => mail.flags.has(flag);
  const missing = FLAGS[word.replace(/^UN/, '')];
  if (word.startsWith('UN') && missing !== undefined) return ({ mail }) => !mail.flags.has(missing);
  const withValue = VALUED[word];
  if (withValue) return withValue(() => textOf(left.shift()), greatest);
  if (word === 'ALL') return () => true;
  const set = setOf(word, greatest.sequence);
  return set && (({ sequence }) => set(sequence));
}

function textOf(argument: Argument | undefined): string {
  return typeof argument === 'string' ? argument : '';
}

type Valued = (value: () => string, greatest: Greatest) => Test | null;

const header = (name: string, value: string): Test => {
  const pattern = new RegExp(`^${literally(name)}:(?:.*\r?\n[ \t])*.*${literally(value)}`, 'im');
  return ({ mail }) => pattern.test(headerBlock(mail.raw).toString('latin1'));
};

const VALUED: Readonly<Record<string, Valued>> = {
  UID: (value, { uid }) => {
    const set = setOf(value(), uid);
    return set && (({ mail }) => set(mail.uid));
  },
  KEYWORD: (value) => {
    const flag = value();
    return ({ mail }) => mail.flags.has(flag);
  },
  UNKEYWORD: (value) => {
    const flag = value();
    return ({ mail }) => !mail.flags.has(flag);
  },
  HEADER: (value) => header(value(), value()),
  SUBJECT: (value) => header('Subject', value()),
  FROM: (value) => header('From', value()),
  TO: (value) => header('To', value()),
  SINCE: (value) => onDay(value(), (at, day) => at >= day),
  BEFORE: (value) => onDay(value(), (at, day) => at < day),
  LARGER: (value) => {
    const bytes = Number(value());
    return ({ mail }) => mail.raw.length > bytes;
  },
};

function onDay(text: string, fits: (at: number, day: number) => boolean): Test | null {
  const day = Date.parse(`${text} UTC`);
  return Number.isNaN(day) ? null : ({ mail }) => fits(mail.at, day);
}

function negated(test: Test | null): Test | null {
  return test && ((one) => !test(one));
}

function either(one: Test | null, other: Test | null): Test | null {
  return one && other && ((mail) => one(mail) || other(mail));
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
