import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGateway, repository, startTestGateway } from '../gateway/running.ts';
import { HapiPeer, withoutHapi } from './peer.ts';

const why = withoutHapi;
if (why) console.log(`skipped: interoperation with HAPI HL7v2 (${why})`);

let peer: HapiPeer;
let running: RunningGateway;

beforeAll(async () => {
  if (why) return;
  peer = new HapiPeer();
  const [port] = await peer.next('port');
  running = await startTestGateway({
    yaml: `
establishments:
  - id: demo
    name: Centre hospitalier de démonstration
    finessEj: 0B0000011
    sector: SA01
    sites: [{ finessEg: 0B0000012, name: Site nord }]
senders:
  - { id: lab, establishment: demo, structures: '*', mllp: {}, notices: { host: 127.0.0.1, port: ${port} } }
`,
  });
});
afterAll(async () => {
  await peer?.close();
  await running?.close();
});

/** A message of the samples that asks to be told, changed, in a file. */
function messageFile(name: string, controlId: string, changes: Record<string, string> = {}): string {
  let text = readFileSync(join(repository, 'samples', 'messages', name), 'utf8');
  text = text.replace(/\|DEMO-\d+\|/, `|${controlId}|`).replace(/(ACK_RECEPTION\^[^|]*\|\|)N/, '$1Y');
  for (const [from, to] of Object.entries(changes)) text = text.replace(from, to);
  const file = join(running.folder, `${controlId}.hl7`);
  writeFileSync(file, text);
  return file;
}

/** The state of the notice about a message, once it is acknowledged. */
async function acknowledged(controlId: string) {
  for (let look = 0; look < 500; look += 1) {
    const { body } = await running.call('/api/notices');
    const found = body.items.find((one: { controlId: string }) => one.controlId === controlId);
    if (found?.state === 'acknowledged') return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the notice is not acknowledged');
}

describe.skipIf(why)('an application built on HAPI HL7v2', () => {
  test('sends the biology report, validates our acknowledgement, takes the notice and acknowledges it', async () => {
    const file = messageFile('oru-biology.hl7', 'HAPI-1');
    const [model, event, code, about, ...errors] = await peer.send(running.gateway.endpoints.mllp!, file);
    expect([model, event, code, about]).toEqual([
      'ca.uhn.hl7v2.model.v25.message.ACK',
      ...['ACK^R01', 'AA', 'HAPI-1'],
    ]);
    expect(errors.filter((error) => error.includes('|E|'))).toEqual([]);
    const [type, controlId, source, outcome, label] = await peer.next('notice');
    expect([type, source, outcome, label]).toEqual([
      ...['ZAM^Z01', 'HAPI-1', 'Y'],
      'Accusé de réception DMP',
    ]);
    await acknowledged(controlId!);
  });

  test('reads why a message is refused: code, place and words of each ERR', async () => {
    const changes = { 'MASQUE_PS^': 'MASQUE_P^', '|F\nPRT': '|X\nPRT' };
    const file = messageFile('oru-biology.hl7', 'HAPI-2', changes);
    const [, , code, about, ...errors] = await peer.send(running.gateway.endpoints.mllp!, file);
    expect([code, about]).toEqual(['AE', 'HAPI-2']);
    expect(errors[0]).toMatch(/^ERR\|\|OBX\^1\^11\|103\^Table value not found\^messageErrorCondition\|E\|/);
  });

  test('takes an MDM of 2.6 and reads its acknowledgement as one of 2.6', async () => {
    const file = messageFile('mdm-letter-deletion.hl7', 'HAPI-3');
    const [model, event, , about] = await peer.send(running.gateway.endpoints.mllp!, file);
    expect([model, event, about]).toEqual(['ca.uhn.hl7v2.model.v26.message.ACK', 'ACK^T04', 'HAPI-3']);
  });
});
