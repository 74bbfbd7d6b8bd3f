import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, sample } from '../../gateway/running.ts';
import { type Hospital, startHospital } from './hospital.ts';
import { freshControlId, type Making, makeMessage } from './making.ts';
import { pidOf } from './pid.ts';

let { running, client, listener, stop } = {} as Hospital;

beforeAll(async () => {
  ({ running, client, listener, stop } = await startHospital());
});
afterAll(() => stop());

/** Sends a message that asks to be told, and gives the segments of the notice that answers it. */
async function told(making: Making & { uniqueId?: string }): Promise<string[]> {
  const controlId = freshControlId();
  const ack = await client.send(
    makeMessage({ ...making, controlId, flags: { ACK_RECEPTION: 'Y', ...making.flags } }),
  );
  expect([ack.code, ack.errors.filter(({ severity }) => severity === 'E')]).toEqual(['AA', []]);
  for (let count = listener.messages.length; ; count += 1) {
    const found = listener.messages.find((message) => message.includes(`|${controlId}|`));
    if (found) return found.split('\r');
    await listener.received(count + 1);
  }
}

const YES = '|Y^^expandedYes-NoIndicator||||||F';

function replacing(uniqueId: string) {
  return freshLetter({
    '<componentOf>': `<relatedDocument typeCode="RPLC"><parentDocument><id root="${uniqueId}"/></parentDocument></relatedDocument><componentOf>`,
  });
}

describe('what the sender of a message is told', () => {
  test('a deposit, its replacement and the deletion of it are each told; a repetition under a new MSH-10 too, at once', async () => {
    const first = freshLetter();
    const [header, event, status, ...rest] = await told({ ...first });
    expect(header).toMatch(
      /^MSH\|\^~\\&\|VIADUC\|CHD\|DPI-T\|CHD\|\d{14}\+0000\|\|ZAM\^Z01\^ZAM_Z01\|\w{1,20}\|T\|2\.6\|{5}FRA\|UNICODE UTF-8\|{3}2\.1\^CISIS_CDA_HL7_V2$/,
    );
    expect(event).toMatch(/^EVN\|\|\d{14}\+0000$/);
    expect(status).toMatch(
      /^OBX\|1\|CWE\|ACK_RECEPTION_DMP\^Accusé de réception DMP\^AckMetierZAM\|T[^|]*\|Y\^\^expandedYes-NoIndicator\|{6}F$/,
    );
    expect(rest).toEqual(['']);
    expect((await told({ ...first }))[2]).toContain(YES);
    const second = replacing(first.uniqueId);
    expect((await told({ ...second, order: 'RO' }))[2]).toContain(YES);
    expect((await told({ ...second, order: 'CA' }))[2]).toContain(YES);
    expect((await running.dmp.counts()).doubleDeposits).toEqual([]);
  });

  test.each([
    ['dmp-closed.xml', 'DMPClosed'],
    ['dmp-absent.xml', 'XDSUnknownPatientId'],
  ])('a DMP that does not take it (%s) is told with its code, %s', async (name, code) => {
    const document = sample(name);
    const [, , status, error] = await told({ document, pid: pidOf(document.toString('utf8')) });
    expect(status).toContain('|N^^expandedYes-NoIndicator|');
    expect(error).toMatch(
      new RegExp(
        `^ERR\\|\\|\\|207\\^Application error\\^messageErrorCondition\\|E\\|${code}\\^[^^|]+\\^DMP_ERROR_CODE\\|`,
      ),
    );
  });

  test('one that asked for no notice is told nothing', async () => {
    const before = listener.messages.length;
    await client.send(makeMessage({ ...freshLetter() }));
    await told({ ...freshLetter() });
    expect(listener.messages.length).toBe(before + 1);
  });
});
