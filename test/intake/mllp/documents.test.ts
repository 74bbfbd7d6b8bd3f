import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, sample, startTestGateway } from '../../gateway/running.ts';
import { MllpClient } from './client.ts';
import { freshControlId, makeMessage } from './making.ts';

let running: RunningGateway;
let client: MllpClient;

beforeAll(async () => {
  running = await startTestGateway();
  client = await MllpClient.open(running.gateway.endpoints.mllp!);
});

afterAll(async () => {
  client.close();
  await running.close();
});

/** The submission that a document is in, as the API shows it. */
async function submissionOf(uniqueId: string) {
  const list = await running.call(`/api/submissions?uniqueId=${uniqueId}`);
  const { id } = list.body.items[0];
  return (await running.call(`/api/submissions/${id}`)).body;
}

describe('documents over MLLP', () => {
  test.each(['ORU', 'MDM'] as const)(
    'an %s is accepted, and durable when it is acknowledged',
    async (type) => {
      const { document, uniqueId } = freshLetter();
      const controlId = freshControlId();
      const ack = await client.send(makeMessage({ type, document, uniqueId, controlId }));
      expect([ack.code, ack.acknowledged, ack.event]).toEqual([
        'AA',
        controlId,
        type === 'ORU' ? 'ACK^R01^ACK' : 'ACK^T02^ACK',
      ]);
      expect(ack.errors).toEqual([]);
      const submission = await submissionOf(uniqueId);
      expect(submission).toMatchObject({ operation: 'deposit', sender: 'sandbox' });
    },
  );

  test('a light message whose document is a sentence is refused with 207 and its place', async () => {
    const ack = await client.send(makeMessage({ document: 'Un document au format CDA' }));
    expect(ack.code).toBe('AE');
    expect(ack.errors).toMatchObject([
      { condition: '207', place: 'OBX^1^5^1^5', code: 'message.not-a-document', severity: 'E' },
    ]);
  });

  test('an invalid document is refused with everything that is wrong with it', async () => {
    const { document } = freshLetter({ '<languageCode code="fr-FR"/>': '' });
    const ack = await client.send(makeMessage({ document: sample('not-well-formed.xml') }));
    expect(ack.code).toBe('AE');
    expect(ack.errors[0]).toMatchObject({ condition: '207', place: 'OBX^1^5' });
    expect(ack.errors[0]!.diagnostic).toMatch(/line \d+/);
    expect(ack.errors[0]!.user).toMatch(/\[[0-9a-f-]{36}\]$/);
    void document;
  });
});
