import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Fate,
  type MailboxPosition,
  MailboxWatch,
  type MailboxWatchOptions,
  type ReceivedMail,
} from '../../src/delivery/mssante/wire/imap.ts';
import type { MailboxState } from '../../src/delivery/mssante/wire/imap-fault.ts';
import { tryMailbox } from '../../src/delivery/mssante/wire/imap-session.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { withoutMailServers } from './programs.ts';
import { BOX, MailWorld } from './world.ts';

const FOLDERS = { done: 'TRAITE', refused: 'REJET', human: 'HUMAIN' };
const NEVER_MS = 3_600_000;

describe.skipIf(withoutMailServers)(`a mailbox of Dovecot${withoutMailServers}`, () => {
  let world: MailWorld;
  let watch: MailboxWatch | null = null;
  let position: MailboxPosition | null;
  let states: MailboxState[];
  let handed: string[];
  let failures: unknown[];
  let fate: (subject: string, mail: ReceivedMail) => Promise<Fate> | Fate;
  let changed: () => void = () => {};

  beforeAll(async () => {
    world = await MailWorld.start();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  beforeEach(async () => {
    position = null;
    states = [];
    handed = [];
    failures = [];
    fate = () => 'done';
    await empty();
  });

  afterEach(async () => {
    await watch?.stop();
    watch = null;
  });

  async function empty(): Promise<void> {
    await using client = await world.connect(BOX.gateway);
    for (const { path } of await client.list()) {
      await client.mailboxOpen(path);
      await client.messageDelete('1:*');
    }
  }

  function optionsOf(more: Partial<MailboxWatchOptions> = {}): MailboxWatchOptions {
    return {
      ...{ server: () => world.imap(BOX.gateway), folder: 'INBOX', folders: FOLDERS, pollMs: NEVER_MS },
      position: async () => position,
      took: async (now) => {
        position = now;
        changed();
      },
      onMail: async (mail) => {
        const subject = /^Subject: (.*)\r$/m.exec(Buffer.from(mail.raw).toString('latin1'))![1]!;
        handed.push(subject);
        changed();
        return fate(subject, mail);
      },
      onTooLarge: async () => 'human',
      onFailure: (error) => {
        failures.push(error);
        changed();
      },
      onState: (state) => {
        states.push(state);
        changed();
      },
      ...more,
    };
  }

  function start(more: Partial<MailboxWatchOptions> = {}): void {
    watch = new MailboxWatch(optionsOf(more));
    watch.start();
  }

  /** Resolves when the watcher has come so far. */
  async function until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      changed = resolve;
      await promise;
    }
  }

  function up(): Promise<void> {
    return until(() => states.at(-1)?.state === 'up');
  }

  function post(subject: string, body = 'Bonjour.'): Promise<void> {
    return world.post(BOX.practitioner, BOX.gateway, `Subject: ${subject}\r\n\r\n${body}\r\n`);
  }

  async function posted(...subjects: string[]): Promise<void> {
    for (const subject of subjects) {
      await post(subject);
      await world.arrival(BOX.gateway, (raw) => raw.includes(`Subject: ${subject}\r`));
    }
  }

  async function subjects(folder: string): Promise<string[]> {
    const mails = await world.read(BOX.gateway, folder);
    return mails.map((raw) => /^Subject: (.*)\r$/m.exec(raw.toString('latin1'))![1]!);
  }

  test('what lay there before is handed over in order and put where it belongs', async () => {
    await posted('one', 'two', 'three', 'four');
    const fates: Record<string, Fate> = { one: 'done', two: 'refused', three: 'human', four: 'leave' };
    fate = (subject) => fates[subject]!;
    start();
    await up();
    expect(handed).toEqual(['one', 'two', 'three', 'four']);
    const lie = await Promise.all(['TRAITE', 'REJET', 'HUMAIN', 'INBOX'].map(subjects));
    expect(lie).toEqual([['one'], ['two'], ['three'], ['four']]);
  });

  test('a new mail wakes it within a second, without polling', async () => {
    start();
    await up();
    await post('awaited');
    const atMs = performance.now();
    await until(() => handed.length > 0);
    expect(performance.now() - atMs).toBeLessThan(1_000);
    await until(() => position !== null);
    expect(await subjects('TRAITE')).toEqual(['awaited']);
  });

  test('what it left or has read is not handed over again by the next start', async () => {
    await posted('left', 'taken');
    fate = (subject) => (subject === 'left' ? 'leave' : 'done');
    start();
    await up();
    await watch!.stop();
    start();
    await until(() => states.length === 2);
    expect(handed).toEqual(['left', 'taken']);
  });

  test('what could not be taken stays, is handed over again, and holds the position', async () => {
    await posted('hard', 'easy');
    let tries = 0;
    fate = (subject) => {
      if (subject === 'hard' && ++tries < 3) throw new Error('disk full');
      return 'done';
    };
    start({ pollMs: 20 });
    await until(() => failures.length === 2);
    expect(position).toBeNull();
    await until(() => position !== null);
    expect(handed).toEqual(['hard', 'easy', 'hard', 'hard']);
    expect(await subjects('TRAITE')).toEqual(['easy', 'hard']);
    expect(states).toEqual([{ state: 'up' }]);
  });

  test('a position that cannot be kept is a failure of ours, not of the mailbox', async () => {
    await posted('kept');
    start({ took: () => Promise.reject(new Error('disk full')) });
    await up();
    expect(failures).toHaveLength(1);
    expect(states).toEqual([{ state: 'up' }]);
  });

  test('a connection cut in the middle of a mail hands it over whole', async () => {
    await post('large', 'y'.repeat(70).concat('\r\n').repeat(40_000));
    await world.arrival(BOX.gateway, (raw) => raw.includes('Subject: large'));
    await using proxy = await CuttingProxy.before(world.imap(BOX.gateway).port);
    proxy.cutAfter(1_000_000);
    let size = 0;
    fate = (_, { raw }) => {
      size = raw.length;
      return 'done';
    };
    start({ server: () => ({ ...world.imap(BOX.gateway), port: proxy.port }) });
    await until(() => position !== null);
    expect(handed).toEqual(['large']);
    expect(size).toBeGreaterThan(72 * 40_000);
    expect(states.map(({ state }) => state)).toEqual(['down']);
    expect(proxy.connections).toBe(2);
  });

  test('a connection cut before a mail is put away hands it over again', async () => {
    await posted('twice');
    await using proxy = await CuttingProxy.before(world.imap(BOX.gateway).port);
    fate = () => {
      if (handed.length === 1) proxy.cut();
      return 'done';
    };
    start({ server: () => ({ ...world.imap(BOX.gateway), port: proxy.port }) });
    await until(() => position !== null);
    expect(handed).toEqual(['twice', 'twice']);
    expect(await subjects('TRAITE')).toEqual(['twice']);
  });

  test('a restart of the server is survived', async () => {
    start();
    await up();
    await world.stopDovecot();
    await until(() => states.at(-1)?.state === 'down');
    await world.startDovecot();
    await up();
    await post('after');
    await until(() => handed.includes('after'));
    expect(states.map(({ state }) => state).filter((one) => one !== 'down')).toEqual(['up', 'up']);
  });

  test('a folder made anew is read from its beginning', async () => {
    await using client = await world.connect(BOX.gateway);
    await client.mailboxCreate('Entrant');
    for (const subject of ['a', 'b']) await client.append('Entrant', `Subject: ${subject}\r\n\r\nx\r\n`);
    fate = () => 'leave';
    start({ folder: 'Entrant' });
    await up();
    await watch!.stop();
    const before = position!;
    await client.mailboxDelete('Entrant');
    await client.mailboxCreate('Entrant');
    await client.append('Entrant', 'Subject: a\r\n\r\nx\r\n');
    start({ folder: 'Entrant' });
    await until(() => position?.uidValidity !== before.uidValidity);
    expect(handed).toEqual(['a', 'b', 'a']);
    expect(position!.uid).toBeLessThan(before.uid);
  });

  test('a mail over the limit is not fetched, one at the limit is', async () => {
    await using client = await world.connect(BOX.gateway);
    await client.append('INBOX', 'Subject: largest\r\n\r\n'.padEnd(4_100, 'y'));
    await client.append('INBOX', 'Subject: beyond\r\n\r\n'.padEnd(4_101, 'y'));
    const asked: number[] = [];
    const onTooLarge = async ({ size }: { size: number }): Promise<Fate> => {
      asked.push(size);
      return 'human';
    };
    start({ mostBytes: 4_100, onTooLarge });
    await up();
    expect(handed).toEqual(['largest']);
    expect(asked).toEqual([4_101]);
    expect(await subjects('HUMAIN')).toEqual(['beyond']);
  });

  test('a server without MOVE, UIDPLUS and IDLE loses nothing that others marked', async () => {
    await posted('ours', 'marked');
    await using client = await world.connect(BOX.gateway);
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('2', ['\\Deleted']);
    await world.stopDovecot();
    await world.startDovecot({ capabilities: 'IMAP4rev1 LITERAL+' });
    try {
      start({ pollMs: 20 });
      await up();
      await post('later');
      await until(() => handed.includes('later'));
      await until(() => position?.uid !== undefined && handed.length === 2);
      await watch!.stop();
      expect(handed).toEqual(['ours', 'later']);
      expect(await subjects('TRAITE')).toEqual(['ours', 'later']);
      expect(await subjects('INBOX')).toEqual(['ours', 'marked', 'later']);
    } finally {
      await world.stopDovecot();
      await world.startDovecot();
    }
  });

  test('is entered by the certificate alone where that names it', async () => {
    await posted('certified');
    const { cert, key } = world.authority.issue(BOX.gateway, {}, 'extendedKeyUsage = clientAuth');
    await world.stopDovecot();
    await world.startDovecot({ certificateAlone: true });
    try {
      const access = { ...world.imap(BOX.gateway), certificate: cert, key, auth: { kind: 'none' } } as const;
      start({ server: () => access });
      await up();
      expect(handed).toEqual(['certified']);
    } finally {
      await watch!.stop();
      await world.stopDovecot();
      await world.startDovecot();
    }
  });

  test('can be tried without touching anything', async () => {
    const { signal } = new AbortController();
    expect(await tryMailbox(world.imap(BOX.service), 'INBOX', signal)).toEqual({ state: 'up' });
    await using client = await world.connect(BOX.service);
    expect((await client.list()).map(({ path }) => path)).toEqual(['INBOX']);
    const missing = { state: 'misconfigured', code: 'mssante.mailbox-folder' };
    expect(await tryMailbox(world.imap(BOX.service), 'Absent', signal)).toMatchObject(missing);
  });

  test('stops within a second, whatever is in hand', async () => {
    await posted('endless');
    fate = () => new Promise(() => {});
    start();
    await until(() => handed.length === 1);
    const atMs = performance.now();
    await watch!.stop();
    expect(performance.now() - atMs).toBeLessThan(1_000);
    expect(await subjects('INBOX')).toEqual(['endless']);
  });

  describe('that cannot be entered', () => {
    const FAULTS: [string, () => ReturnType<MailboxWatchOptions['server']>, string, string][] = [
      [
        'for a wrong password',
        () => ({
          ...world.imap(BOX.gateway),
          auth: { kind: 'password', user: BOX.gateway, password: 'wrong' },
        }),
        'misconfigured',
        'mssante.mailbox-refused',
      ],
      [
        'without its certificate',
        () => {
          const { certificate: _, ...without } = world.imap(BOX.gateway);
          return without;
        },
        'misconfigured',
        'mssante.mailbox-refused',
      ],
      [
        'as the server is not trusted',
        () => ({ ...world.imap(BOX.gateway), authorities: world.rogue.certificate }),
        'misconfigured',
        'mssante.tls-refused',
      ],
      [
        'as nobody is there',
        () => ({ ...world.imap(BOX.gateway), port: 1 }),
        'down',
        'mssante.mailbox-unreachable',
      ],
    ];

    test.each(FAULTS)('%s', async (_, server, state, code) => {
      start({ server });
      await until(() => states.length > 0);
      expect(states[0]).toMatchObject({ state, code });
    });

    test('for a folder that is missing', async () => {
      start({ folder: 'Absent' });
      await until(() => states.length > 0);
      expect(states[0]).toMatchObject({ state: 'misconfigured', code: 'mssante.mailbox-folder' });
    });
  });
});
