import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Listener } from '../delivery/notices/listener.ts';
import { freshLetter, type RunningGateway, startTestGateway } from '../gateway/running.ts';

describe('MSSanté in the sandbox', () => {
  const listener = new Listener();
  let run: RunningGateway;

  beforeAll(async () => {
    const port = await listener.listen();
    const yaml = `senders:\n  - { id: ris, establishment: demo, structures: '*', notices: { host: 127.0.0.1, port: ${port} } }\n`;
    run = await startTestGateway({ mail: true, yaml });
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await listener.close();
  });

  /** Hands a letter over for one recipient, and tells how its delivery ended. */
  async function mailed(address: string, audience: 'professional' | 'organization') {
    const mssante = [{ address, class: audience, id: null }];
    const destinations = { dmp: false, mssante, patient: false, patientMayAnswer: false };
    const form = new FormData();
    form.set('request', JSON.stringify({ operation: 'deposit', destinations }));
    form.set('document', new Blob([new Uint8Array(freshLetter().document)], { type: 'application/xml' }));
    const { body } = await run.call('/api/submissions', { method: 'POST', body: form });
    return ended(body.id);
  }

  async function ended(id: string) {
    for (;;) {
      const { body } = await run.call(`/api/submissions/${id}`);
      if (body.state === 'final') return body.deliveries[0];
      await run.gateway.ledger.witnessFailures();
    }
  }

  test('a letter is taken by the strict operator, and delivered by its receipt', async () => {
    const delivery = await mailed('medecin@cabinet.bac-a-sable.mssante.fr', 'professional');
    expect(delivery).toMatchObject({ outcome: 'delivered' });
  });

  test('a box without room refuses it by a receipt, an unknown one at once', async () => {
    const full = await mailed('boite.pleine@ch.bac-a-sable.mssante.fr', 'organization');
    expect(full).toMatchObject({ outcome: 'refused' });
    const unknown = await mailed('personne@ch.bac-a-sable.mssante.fr', 'organization');
    expect(unknown).toMatchObject({ outcome: 'refused', code: '550' });
  });

  test('a domain that is not listed is not written to', async () => {
    const delivery = await mailed('medecin@ailleurs.mssante.fr', 'professional');
    expect(delivery).toMatchObject({ outcome: 'refused', code: 'mssante.domain-not-listed' });
  });

  test('the patient is written to under the INS of the document', async () => {
    const { body } = await run.submit(freshLetter().document, 'to=patient', { prefer: 'wait=30' });
    expect(body.deliveries).toMatchObject([{ destination: { class: 'patient' }, outcome: 'delivered' }]);
  });

  test('a letter that comes in is handed on to the sender that takes notices, without any setting', async () => {
    const letter = {
      ...{ from: 'medecin@cabinet.bac-a-sable.mssante.fr', to: 'passerelle@demo.bac-a-sable.mssante.fr' },
      documents: [Buffer.from(freshLetter().document).toString('base64')],
    };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(letter);
    await fetch(`${run.gateway.endpoints.mail}/mssante/letters`, { method: 'POST', headers, body });
    await listener.received(1);
    expect(listener.messages[0]).toContain('MDM^T02^MDM_T02');
  });
});
