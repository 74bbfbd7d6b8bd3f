import { plainAddress } from '../addresses.ts';
import { type Completion, create, list, select, status, subscribe } from './folders.ts';
import type { Argument } from './lines.ts';
import { copy, expunge, fetch, search, store } from './mails.ts';
import type { ImapSession } from './session.ts';

type Handler = (session: ImapSession, args: Argument[], byUid: boolean) => Completion | Promise<Completion>;

/** Before which state of a session a command is refused. */
interface Row {
  needs: 'nothing' | 'box' | 'folder';
  run: Handler;
}

const EXTENSIONS = 'IMAP4rev1 LITERAL+ NAMESPACE IDLE UIDPLUS MOVE UNSELECT ID';

/** What a session may do now. */
export function capabilities({ secure, box }: ImapSession): string {
  if (box) return EXTENSIONS;
  return secure ? `${EXTENSIONS} AUTH=PLAIN AUTH=XOAUTH2 SASL-IR` : `${EXTENSIONS} STARTTLS LOGINDISABLED`;
}

const at = (needs: Row['needs'], run: Handler): Row => ({ needs, run });

/** Every command but those that change how the connection is read: STARTTLS, AUTHENTICATE, IDLE, LOGOUT. */
export const COMMANDS: Readonly<Record<string, Row>> = {
  CAPABILITY: at('nothing', (session) => {
    session.untagged(`CAPABILITY ${capabilities(session)}`);
    return 'OK Done';
  }),
  NOOP: at('nothing', () => 'OK Done'),
  ID: at('nothing', (session) => {
    session.untagged('ID ("name" "bac a sable")');
    return 'OK Done';
  }),
  LOGIN: at('nothing', (session, [user, password]) => {
    if (session.box) return 'BAD Already entered';
    if (!session.secure) return 'NO [PRIVACYREQUIRED] STARTTLS first';
    return typeof user === 'string' && typeof password === 'string'
      ? login(session, user, { password })
      : 'BAD User and password are wanted';
  }),
  NAMESPACE: at('box', (session) => {
    session.untagged('NAMESPACE (("" "/")) NIL NIL');
    return 'OK Done';
  }),
  LIST: at('box', (session, args) => list(session, 'LIST', args)),
  LSUB: at('box', (session, args) => list(session, 'LSUB', args)),
  STATUS: at('box', (session, args) => status(session, args)),
  CREATE: at('box', (session, args) => create(session, args)),
  SUBSCRIBE: at('box', (session, args) => subscribe(session, args, true)),
  UNSUBSCRIBE: at('box', (session, args) => subscribe(session, args, false)),
  SELECT: at('box', (session, args) => select(session, args, false)),
  EXAMINE: at('box', (session, args) => select(session, args, true)),
  CHECK: at('folder', () => 'OK Done'),
  CLOSE: at('folder', (session) => {
    if (!session.readOnly) expunge(session, undefined, false);
    session.open(null, false);
    return 'OK Done';
  }),
  UNSELECT: at('folder', (session) => {
    session.open(null, false);
    return 'OK Done';
  }),
  FETCH: at('folder', fetch),
  SEARCH: at('folder', search),
  STORE: at('folder', store),
  COPY: at('folder', (session, args, byUid) => copy(session, args, byUid, false)),
  MOVE: at('folder', (session, args, byUid) => copy(session, args, byUid, true)),
  EXPUNGE: at('folder', (session, [set], byUid) => expunge(session, set, byUid)),
};

/** Commands that UID may stand before. */
export const WITH_UID: ReadonlySet<string> = new Set(['FETCH', 'SEARCH', 'STORE', 'COPY', 'MOVE', 'EXPUNGE']);

/** Enters a mailbox: one of the gateway by its certificate and what it asks for, one of a correspondent by its password. */
export function login(
  session: ImapSession,
  user: string,
  given: { password?: string; token?: string },
): Completion {
  const { boxes, faults, journal } = session.simulation;
  const refused = 'NO [AUTHENTICATIONFAILED] Refused (sandbox.mail-login)';
  const fault = faults.next('imap-login', { recipient: user });
  const box = boxes.get(user);
  if (!box || fault?.fault === 'imap-login-refused' || !mayEnter(session, box.options, given)) {
    const reasons = [{ code: 'sandbox.mail-login' as const, values: {} }];
    journal.refused({ step: 'imap', from: plainAddress(user), to: [], reasons });
    return refused;
  }
  if (fault?.fault === 'imap-uidvalidity') box.inbox.renumber();
  session.enter(box);
  return `OK [CAPABILITY ${capabilities(session)}] Done`;
}

type Options = NonNullable<ImapSession['box']>['options'];

function mayEnter(
  session: ImapSession,
  options: Options,
  given: { password?: string; token?: string },
): boolean {
  const { finess, password, token } = options;
  if (session.mayStartTls && finess !== undefined && session.certified !== finess) return false;
  if (given.token !== undefined) return given.token === token;
  if (password !== undefined) return given.password === password;
  return token === undefined && options.kind === 'gateway';
}
