import type { Folder } from '../mailbox.ts';
import { type Argument, quoted } from './lines.ts';
import type { ImapSession } from './session.ts';

/** What a command ends with: `OK …`, `NO …` or `BAD …`. */
export type Completion = string;

export const FLAGS = '\\Answered \\Flagged \\Deleted \\Seen \\Draft';
const SEPARATOR = '/';

/** SELECT and EXAMINE. */
export function select(session: ImapSession, [name]: Argument[], readOnly: boolean): Completion {
  const folder = typeof name === 'string' ? session.box!.folder(name) : undefined;
  session.open(folder ?? null, readOnly);
  if (!folder) return 'NO [NONEXISTENT] No such mailbox';
  session.untagged(`FLAGS (${FLAGS})`);
  session.untagged(`OK [PERMANENTFLAGS (${readOnly ? '' : `${FLAGS} \\*`})] Flags`);
  session.untagged(`${folder.mails.length} EXISTS`);
  session.untagged('0 RECENT');
  const unseen = folder.mails.findIndex(({ flags }) => !flags.has('\\Seen'));
  if (unseen >= 0) session.untagged(`OK [UNSEEN ${unseen + 1}] First unseen`);
  session.untagged(`OK [UIDVALIDITY ${folder.uidValidity}] UIDs valid`);
  session.untagged(`OK [UIDNEXT ${folder.uidNext}] Next UID`);
  return readOnly ? 'OK [READ-ONLY] Done' : 'OK [READ-WRITE] Done';
}

/** LIST and LSUB: patterns with `*` and `%`. */
export function list(session: ImapSession, word: 'LIST' | 'LSUB', args: Argument[]): Completion {
  const [reference, pattern] = args.filter((one): one is string => typeof one === 'string');
  if (reference === undefined || pattern === undefined) return 'BAD Reference and pattern are wanted';
  if (pattern === '') {
    session.untagged(`${word} (\\Noselect) "${SEPARATOR}" ""`);
    return 'OK Done';
  }
  const fits = patternOf(reference + pattern);
  for (const { name, subscribed } of session.box!.folders.values()) {
    if (!fits.test(name) || (word === 'LSUB' && !subscribed)) continue;
    session.untagged(`${word} (\\HasNoChildren) "${SEPARATOR}" ${quoted(name)}`);
  }
  return 'OK Done';
}

function patternOf(pattern: string): RegExp {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('%', '[^/]*')}$`, 'i');
}

const STATUS: Readonly<Record<string, (folder: Folder) => number>> = {
  MESSAGES: ({ mails }) => mails.length,
  RECENT: () => 0,
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ mails }) => mails.filter(({ flags }) => !flags.has('\\Seen')).length,
};

export function status(session: ImapSession, [name, items]: Argument[]): Completion {
  const folder = typeof name === 'string' ? session.box!.folder(name) : undefined;
  if (!folder) return 'NO [NONEXISTENT] No such mailbox';
  const asked = Array.isArray(items) ? items.map((item) => String(item).toUpperCase()) : [];
  if (asked.length === 0 || asked.some((item) => !STATUS[item])) return 'BAD Unknown status item';
  const values = asked.map((item) => `${item} ${STATUS[item]!(folder)}`);
  session.untagged(`STATUS ${quoted(folder.name)} (${values.join(' ')})`);
  return 'OK Done';
}

const MOST_FOLDERS = 50;

export function create(session: ImapSession, [name]: Argument[]): Completion {
  if (typeof name !== 'string' || !/^[^\r\n*%]{1,100}$/.test(name)) return 'NO [CANNOT] Name refused';
  const box = session.box!;
  if (box.folder(name)) return 'NO [ALREADYEXISTS] Mailbox exists';
  if (box.folders.size >= MOST_FOLDERS) return 'NO [LIMIT] Too many mailboxes';
  box.createFolder(name);
  return 'OK Done';
}

export function subscribe(session: ImapSession, [name]: Argument[], subscribed: boolean): Completion {
  const folder = typeof name === 'string' ? session.box!.folder(name) : undefined;
  if (!folder) return 'NO [NONEXISTENT] No such mailbox';
  folder.subscribed = subscribed;
  return 'OK Done';
}
