import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MllpClient } from '../../../src/delivery/notices/connection.ts';
import { readingError } from '../../../src/delivery/notices/mail-outcomes.ts';
import { noticeMessage } from '../../../src/delivery/notices/message.ts';
import type { NoticeRow } from '../../../src/ledger/views.ts';
import { systemClock } from '../../../src/words/clock.ts';
import { Listener } from './listener.ts';

const python = ['/usr/bin/python3', 'python3'].find(
  (one) => spawnSync(one, ['-c', 'import hl7.mllp']).status === 0,
);
const openssl = spawnSync('openssl', ['version']).status === 0;
if (!python) console.log('skipped: python3-hl7 is not installed');
if (!openssl) console.log('skipped: openssl is not installed');

function notice(changes: Partial<NoticeRow['content']> = {}): NoticeRow {
  return {
    ...{
      id: 'n',
      seq: 1,
      createdAt: '2026-07-01T08:00:00.000Z',
      submission: 's',
      sender: 'lab',
      kind: 'Z01',
    },
    ...{ controlId: 'V1', state: 'due', attempts: 0, code: null, dueAtMs: 0, acknowledgedAt: null },
    resumedAt: null,
    content: {
      origin: {
        ...{ controlId: 'DPI-1', application: 'DPI', facility: 'HOP' },
        ...{ receivingApplication: 'PFI', receivingFacility: 'HOP', processingId: 'T' },
      },
      ...{ deliveries: ['d'], success: true, error: null },
      ...changes,
    },
  };
}

describe.skipIf(!python)('a receiver that is not ours (python3-hl7)', () => {
  test('reads a notice as we mean it, and its acknowledgement is ours', async () => {
    const peer = spawn(python!, [join(import.meta.dirname, 'foreign.py')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
    const next = async () =>
      JSON.parse(String((await lines.next()).value)) as Record<string, string & number>;
    const { port } = await next();
    const client = new MllpClient({ host: '127.0.0.1', port: port!, tls: null }, systemClock);
    const refused = notice({
      success: false,
      error: { code: 'DMPClosed', label: 'DMP fermé à la demande | du patient', detail: null },
    });
    const received = { ...notice(), kind: 'Z02', controlId: 'V3' } as const;
    const unread = notice({ success: false, error: readingError('902') });
    const messages: [Buffer, string][] = [
      [noticeMessage(notice(), 'utf-8'), 'V1'],
      [noticeMessage({ ...refused, controlId: 'V2' }, 'utf-8'), 'V2'],
      [noticeMessage(received, 'utf-8', { address: 'dr@chu.mssante.fr', id: '810000000001' }), 'V3'],
      [
        noticeMessage({ ...unread, kind: 'Z03', controlId: 'V4' }, 'utf-8', {
          ...{ address: 'app@chu.mssante.fr', id: null },
        }),
        'V4',
      ],
    ];
    for (const [message, id] of messages)
      expect(await client.send(message, id, 5000)).toEqual({ result: 'taken', answer: 'PY1' });
    expect([await next(), await next(), await next(), await next()]).toEqual([
      {
        ...{ type: 'ZAM^Z01^ZAM_Z01', id: 'V1', about: 'DPI-1' },
        ...{ success: 'Y^^expandedYes-NoIndicator', error: null, named: [] },
      },
      {
        ...{ type: 'ZAM^Z01^ZAM_Z01', id: 'V2', about: 'DPI-1', success: 'N^^expandedYes-NoIndicator' },
        error: 'DMPClosed^DMP fermé à la demande \\F\\ du patient^DMP_ERROR_CODE',
        named: [],
      },
      {
        ...{ type: 'ZAM^Z02^ZAM_Z01', id: 'V3', about: 'DPI-1' },
        ...{ success: 'Y^^expandedYes-NoIndicator', error: null },
        named: [
          ['DESTINATAIRE_MSS^Destinataire MSSanté^AckMetierZAM', '810000000001', '^^X.400^dr@chu.mssante.fr'],
        ],
      },
      {
        ...{ type: 'ZAM^Z03^ZAM_Z01', id: 'V4', about: 'DPI-1', success: 'N^^expandedYes-NoIndicator' },
        error: '902^Identifiant patient inconnu^applicationErrorCondition',
        named: [['LECTEUR_MSS^Lecteur du courriel MSSanté^AckMetierZAM', '', '^^X.400^app@chu.mssante.fr']],
      },
    ]);
    client.close();
    peer.kill();
    await once(peer, 'exit');
  });
});

describe.skipIf(!openssl)('over TLS', () => {
  let folder: string;
  const file = (name: string) => readFileSync(join(folder, name));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-notices-'));
    for (const name of ['server', 'client'])
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
          ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)],
          ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:dpi.test'],
        ],
        { stdio: 'ignore' },
      );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function send(tls: object, demanded = false) {
    const listener = new Listener({
      ...{ key: file('server.key'), cert: file('server.pem') },
      ...(demanded ? { requestCert: true, rejectUnauthorized: true, ca: file('client.pem') } : {}),
    });
    const port = await listener.listen();
    const client = new MllpClient({ host: '127.0.0.1', port, tls }, systemClock);
    const answer = await client.send(noticeMessage(notice(), 'utf-8'), 'V1', 5000);
    client.close();
    await listener.close();
    return answer;
  }

  test('a known authority and name are taken; an unknown one, or another name, is a matter of configuration', async () => {
    const ca = file('server.pem');
    expect(await send({ ca, servername: 'dpi.test' })).toMatchObject({ result: 'taken' });
    expect(await send({ servername: 'dpi.test' })).toEqual({ result: 'none', code: 'notice.tls' });
    expect(await send({ ca, servername: 'other.test' })).toEqual({ result: 'none', code: 'notice.tls' });
  });

  test('a listener that demands a client certificate takes ours and no other', async () => {
    const trusted = { ca: file('server.pem'), servername: 'dpi.test' };
    const own = { cert: file('client.pem'), key: file('client.key') };
    expect(await send({ ...trusted, ...own }, true)).toMatchObject({ result: 'taken' });
    expect(await send(trusted, true)).toMatchObject({ result: 'none' });
  });
});
