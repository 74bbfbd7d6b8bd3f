import type { StoredMail } from '../mailbox.ts';
import { fetchAnswer, fetchItems } from './fetch.ts';
import { type Completion, FLAGS } from './folders.ts';
import { type Argument, setOf } from './lines.ts';
import { searchTest } from './search.ts';
import { flagsOf, type ImapSession } from './session.ts';

const SET_WANTED = 'BAD A set of numbers is wanted';

/** Mails that the first argument names. */
function named(session: ImapSession, set: Argument | undefined, byUid: boolean) {
  const { sequence, uid } = session.greatest;
  const fits = typeof set === 'string' ? setOf(set, byUid ? uid : sequence) : null;
  return fits && session.numbered(fits, byUid);
}

export async function fetch(
  session: ImapSession,
  [set, what]: Argument[],
  byUid: boolean,
): Promise<Completion> {
  const found = named(session, set, byUid);
  const items = what === undefined ? null : fetchItems(what);
  if (!found || !items) return found ? 'BAD Unknown item of FETCH' : SET_WANTED;
  for (const { sequence, mail } of found) {
    if (items.sees && !session.readOnly) mail.flags.add('\\Seen');
    const answer = await fetchAnswer(sequence, mail, items, byUid);
    const cut = session.simulation.faults.next('imap-fetch');
    if (cut) {
      session.socket.end(answer.subarray(0, Math.floor(answer.length / 2)));
      return '';
    }
    session.write(answer);
  }
  return 'OK Done';
}

export function search(session: ImapSession, args: Argument[], byUid: boolean): Completion {
  const criteria = String(args[0]).toUpperCase() === 'CHARSET' ? args.slice(2) : args;
  const test = searchTest(criteria, session.greatest);
  if (!test) return 'BAD Unknown criterion of SEARCH';
  const found = session.numbered(() => true, byUid).filter(test);
  const numbers = found.map(({ sequence, mail }) => (byUid ? mail.uid : sequence));
  session.untagged(['SEARCH', ...numbers].join(' '));
  return 'OK Done';
}

const CHANGE = /^([+-]?)FLAGS(\.SILENT)?$/i;

export function store(session: ImapSession, [set, change, given]: Argument[], byUid: boolean): Completion {
  if (session.readOnly) return 'NO [READ-ONLY] Opened by EXAMINE';
  const found = named(session, set, byUid);
  const parsed = typeof change === 'string' ? CHANGE.exec(change) : null;
  if (!found || !parsed || given === undefined)
    return found ? 'BAD FLAGS, +FLAGS or -FLAGS is wanted' : SET_WANTED;
  const flags = [given].flat().map((flag) => writtenAs(String(flag)));
  for (const { sequence, mail } of found) {
    setFlags(mail, parsed[1]!, flags);
    session.toldFlags(mail);
    const uid = byUid ? `UID ${mail.uid} ` : '';
    if (!parsed[2]) session.untagged(`${sequence} FETCH (${uid}FLAGS (${flagsOf(mail)}))`);
  }
  session.box!.emit('change');
  return 'OK Done';
}

/** System flags in their published writing. */
function writtenAs(flag: string): string {
  return FLAGS.split(' ').find((one) => one.toLowerCase() === flag.toLowerCase()) ?? flag;
}

function setFlags(mail: StoredMail, sign: string, flags: readonly string[]): void {
  if (sign === '') mail.flags.clear();
  for (const flag of flags) {
    if (sign === '-') mail.flags.delete(flag);
    else mail.flags.add(flag);
  }
}

/** COPY and MOVE, with the UIDs of both sides (UIDPLUS, RFC 4315; RFC 6851). */
export function copy(session: ImapSession, [set, to]: Argument[], byUid: boolean, move: boolean): Completion {
  if (move && session.readOnly) return 'NO [READ-ONLY] Opened by EXAMINE';
  const found = named(session, set, byUid);
  if (!found) return SET_WANTED;
  const target = typeof to === 'string' ? session.box!.folder(to) : undefined;
  if (!target) return 'NO [TRYCREATE] No such mailbox';
  const mails = found.map(({ mail }) => mail);
  if (mails.length === 0) return 'OK Nothing to do';
  const copies = mails.map(({ raw, at, flags }) => target.add(raw, at, flags).uid);
  const code = `[COPYUID ${target.uidValidity} ${mails.map(({ uid }) => uid).join(',')} ${copies.join(',')}]`;
  if (!move) {
    session.box!.emit('change');
    return `OK ${code} Done`;
  }
  session.untagged(`OK ${code} Moved`);
  session.folder!.remove(new Set(mails));
  session.tellChanges();
  session.box!.emit('change');
  return 'OK Done';
}

/** EXPUNGE, and UID EXPUNGE of some. */
export function expunge(session: ImapSession, set: Argument | undefined, byUid: boolean): Completion {
  if (session.readOnly) return 'NO [READ-ONLY] Opened by EXAMINE';
  const found = byUid ? named(session, set, true) : session.numbered(() => true, false);
  if (!found) return SET_WANTED;
  const deleted = found.filter(({ mail }) => mail.flags.has('\\Deleted')).map(({ mail }) => mail);
  session.folder!.remove(new Set(deleted));
  session.tellChanges();
  session.box!.emit('change');
  return 'OK Done';
}
