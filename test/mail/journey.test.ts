import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { OpenedDocument, OpenedMail } from '../../src/indicators/report.ts';
import { freshLetter } from '../gateway/running.ts';
import { type Hospital, startHospital } from '../intake/mllp/hospital.ts';
import { freshControlId, makeMessage, recipient, SENDER_LINE } from '../intake/mllp/making.ts';
import { mdnFor, openMailed, withoutReaders } from './mailed.ts';
import { withoutMailServers } from './programs.ts';
import { mssanteOn } from './running.ts';
import { BOX, MailWorld } from './world.ts';

const YES = 'Y^^expandedYes-NoIndicator';
const NO = 'N^^expandedYes-NoIndicator';

const without = withoutMailServers || withoutReaders;

describe.skipIf(without)(`a document by mail${without}`, () => {
  let world: MailWorld;
  let hospital: Hospital;

  beforeAll(async () => {
    world = await MailWorld.start();
    hospital = await startHospital('', { yaml: stringify({ mssante: mssanteOn(world) }) });
  }, 60_000);

  afterAll(async () => {
    await hospital?.stop();
    await world?.[Symbol.asyncDispose]();
  });

  interface Sending {
    to: string[];
    document?: Buffer;
    order?: 'NW' | 'RO' | 'CA';
    /** The patient cannot answer. */
    final?: boolean;
  }

  /** Sends a message that asks for mails to these, and to be told of reception and reading. @returns its MSH-10 */
  async function send({ to, document = freshLetter().document, order = 'NW', final = false }: Sending) {
    const controlId = freshControlId();
    const patients = to.filter((one) => one === BOX.patientOfLetters).length;
    const making = {
      ...{ controlId, document, order },
      participants: [SENDER_LINE, ...to.map((one) => recipient(one, isPatient(one) ? 'INS' : 'IDNPS'))],
      flags: {
        ...{ DESTDMP: 'N', ACK_RECEPTION: 'Y', ACK_LECTURE_MSS: 'Y' },
        DESTMSSANTEPS: to.length > patients ? 'Y' : 'N',
        DESTMSSANTEPAT: patients > 0 ? 'Y' : 'N',
      },
    };
    const message = makeMessage(making).toString('utf8');
    const noted = final ? message.replace(/(DESTMSSANTEPAT[^\r]*\r)/, '$1NTE|1||FIN\r') : message;
    const ack = await hospital.client.send(noted);
    expect([ack.code, ack.errors.filter(({ severity }) => severity === 'E')]).toEqual(['AA', []]);
    return controlId;
  }

  /** The next notices of a kind about a message, as segments: so many of them. */
  async function told(kind: 'Z02' | 'Z03', controlId: string, count = 1): Promise<string[][]> {
    const { listener } = hospital;
    for (let seen = listener.messages.length; ; seen += 1) {
      const found = listener.messages.filter(
        (one) => one.includes(`|ZAM^${kind}^ZAM_Z01|`) && one.includes(`|${controlId}|`),
      );
      if (found.length >= count) return found.map((one) => one.split('\r').filter(Boolean));
      await listener.received(seen + 1);
    }
  }

  /** The mail that carries a document, found by the identifier of the document in its archive. */
  async function arrived(address: (typeof BOX)[keyof typeof BOX], uniqueId: string) {
    let opened: ReturnType<typeof openMailed> | undefined;
    await world.arrival(address, (raw) => {
      if (!raw.includes('IHE_XDM.zip')) return false;
      const mailed = openMailed(raw);
      if (mailed.metadata.includes(uniqueId)) opened = mailed;
      return opened !== undefined;
    });
    return opened!;
  }

  test('reaches a professional; its sender is told by Z02 when the receipt comes, by Z03 when it was read', async () => {
    const { document, uniqueId } = freshLetter();
    const controlId = await send({ to: [BOX.practitioner], document });
    const mailed = await arrived(BOX.practitioner, uniqueId);
    expect(mailed.tested).toMatch(/^No errors detected in compressed data/);
    expect(mailed.files).toEqual(['IHE_XDM.zip', expect.stringMatching(/\.pdf$/i)]);
    expect(mailed.entries).toEqual(
      expect.arrayContaining(['INDEX.HTM', 'README.TXT', 'IHE_XDM/SUBSET01/METADATA.XML']),
    );
    expect(mailed.headers).toMatchObject({
      'x-mss-codecda': '11490-0',
      'x-mss-ins': 'O',
      'disposition-notification-to': BOX.gateway,
    });
    const [received] = await told('Z02', controlId);
    expect(received!.slice(2)).toEqual([
      `OBX|1|CWE|ACK_RECEPTION_MSS^Accusé de réception MSSanté^AckMetierZAM|${controlId}|${YES}||||||F`,
      expect.stringMatching(
        new RegExp(`^OBX\\|2\\|XTN\\|DESTINATAIRE_MSS\\^.*\\^X\\.400\\^${BOX.practitioner}\\|{6}F$`),
      ),
    ]);
    const disposition = 'manual-action/MDN-sent-manually; displayed';
    const mdn = mdnFor(mailed.headers['message-id']!, BOX.practitioner, BOX.gateway, disposition);
    await world.post('', BOX.gateway, mdn);
    const [read] = await told('Z03', controlId);
    expect(read!.slice(2)).toEqual([
      `OBX|1|CWE|ACK_LECTURE_MSS^Accusé de lecture^AckMetierZAM|${controlId}|${YES}||||||F`,
      expect.stringMatching(
        new RegExp(`^OBX\\|2\\|XTN\\|LECTEUR_MSS\\^.*\\^X\\.400\\^${BOX.practitioner}\\|{6}F$`),
      ),
    ]);
  });

  test('to two recipients of which one has no room: each is told by itself, one received, one not', async () => {
    const controlId = await send({ to: [BOX.practitioner, BOX.full] });
    const notices = await told('Z02', controlId, 2);
    const about = (address: string) => notices.find((one) => one[3]!.includes(address))!;
    expect(about(BOX.practitioner)[2]).toContain(`|${YES}|`);
    expect(about(BOX.practitioner)).toHaveLength(4);
    expect(about(BOX.full)[2]).toContain(`|${NO}|`);
    expect(about(BOX.full)[4]).toMatch(
      /^ERR\|\|\|207\^Application error\^messageErrorCondition\|E\|552\^[^^|]+\^SMTPERRORCODE\|/,
    );
  });

  test.each([
    ['may answer', false, undefined],
    ['may not answer', true, 'FIN'],
  ])('reaches the box of the patient, who %s', async (_, final, mark) => {
    const { document, uniqueId } = freshLetter();
    const controlId = await send({ to: [BOX.patientOfLetters], document, final });
    const { headers } = await arrived(BOX.patientOfLetters, uniqueId);
    expect([headers.to, headers['x-mss-mes']]).toEqual([BOX.patientOfLetters, mark]);
    const [received] = await told('Z02', controlId);
    expect(received![2]).toContain(`|${YES}|`);
    expect(received![3]).toContain(`^X.400^${BOX.patientOfLetters}|`);
  });

  test('replaced and then deleted follows the mail that carried it, and says so in its archive', async () => {
    const first = freshLetter();
    await told('Z02', await send({ to: [BOX.service], document: first.document }));
    const second = freshLetter({
      '<componentOf>': `<relatedDocument typeCode="RPLC"><parentDocument><id root="${first.uniqueId}"/></parentDocument></relatedDocument><componentOf>`,
    });
    await told('Z02', await send({ to: [BOX.service], document: second.document, order: 'RO' }));
    await told('Z02', await send({ to: [BOX.service], document: second.document, order: 'CA' }));
    const all = (await world.read(BOX.service)).map((one) => openMailed(one.toString('latin1')));
    const [sent, replaced, deleted] = all.filter(
      ({ metadata }) => metadata.includes(first.uniqueId) || metadata.includes(second.uniqueId),
    );
    expect(sent!.headers['in-reply-to']).toBeUndefined();
    expect(replaced!.headers['in-reply-to']).toBe(sent!.headers['message-id']);
    expect(deleted!.headers['in-reply-to']).toBe(replaced!.headers['message-id']);
    expect([sent, replaced, deleted].map((one) => actionOf(one!.metadata))).toEqual([null, 'C', 'D']);
  });

  test('counts for its stay as far as each recipient has it, and opens into mails and receipts', async () => {
    const { call } = hospital.running;
    const body = 'finess_eg;stay_no;class;discharged_at\n0B0000012;25000417;I;2025-01-15T12:00:00+01:00\n';
    await call('/api/stays', { method: 'POST', headers: { 'content-type': 'text/csv' }, body });
    const { document, uniqueId } = freshLetter();
    const to = [BOX.practitioner, BOX.full, BOX.patientOfLetters];
    await told('Z02', await send({ to, document }), to.length);
    const opened = async (code: string) => {
      const { body: figure } = await call(`/api/indicators/${code}?period=2025-01&limit=500`);
      const documents = figure.counted[0].documents as (OpenedDocument & { mail: OpenedMail })[];
      return { figure, ways: documents.filter((one) => one.uniqueId === uniqueId).map(wayOf) };
    };
    const [professional, patient] = [await opened('DS4.1'), await opened('DS4.2')];
    expect(professional.figure).toMatchObject({ numerator: 1, denominator: 1, mails: { counts: 'relayed' } });
    expect(professional.figure.mails.units).toMatchObject({ accepted: 1, relayed: 1 });
    expect(professional.ways.toSorted()).toEqual([
      'professional bounced: dsn failed',
      'professional counts: dsn relayed',
    ]);
    expect(patient.ways).toEqual(['patient counts: dsn relayed']);
  });
});

/** To whom a document was mailed, whether it counts, and what was said of it. */
function wayOf({ mail, because }: { mail: OpenedMail; because: string | null }): string {
  const receipts = mail.receipts.map(({ kind, action }) => `${kind} ${action}`);
  return `${mail.class} ${because ?? 'counts'}: ${receipts.join(', ')}`;
}

function isPatient(address: string): boolean {
  return address.endsWith('@patient.mssante.fr');
}

/** Value of the slot that says what is done to a document. */
function actionOf(metadata: string): string | null {
  return (
    /name="urn:ans:ci-sis:action"[^>]*>\s*<(?:\w+:)?ValueList>\s*<(?:\w+:)?Value>([^<]*)</.exec(
      metadata,
    )?.[1] ?? null
  );
}
