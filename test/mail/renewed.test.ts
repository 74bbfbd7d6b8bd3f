import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/words/clock.ts';
import { freshLetter, type RunningGateway } from '../gateway/running.ts';
import { withoutMailServers } from './programs.ts';
import { serverYaml, startMailGateway } from './running.ts';
import { BOX, MailWorld } from './world.ts';

/** A minute passes in a moment. */
const clock: Clock = {
  now: systemClock.now,
  after: (ms, action) => systemClock.after(ms === 60_000 ? 200 : ms, action),
};
const WAIT = { timeout: 20_000, interval: 100 };

describe.skipIf(withoutMailServers)(`a mailbox whose access was refused${withoutMailServers}`, () => {
  let world: MailWorld;
  let run: RunningGateway;
  let password: string;

  beforeAll(async () => {
    world = await MailWorld.start();
    const smtp = serverYaml(world, 'login', world.login(BOX.gateway));
    password = join(world.folder, 'login.password');
    writeFileSync(password, 'wrong');
    run = await startMailGateway(world, { mailbox: { smtp }, clock });
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await world?.[Symbol.asyncDispose]();
  });

  async function send(): Promise<void> {
    const form = new FormData();
    const recipient = { address: BOX.practitioner, class: 'professional', id: null };
    const destinations = { dmp: false, mssante: [recipient], patient: false, patientMayAnswer: false };
    form.set('request', JSON.stringify({ operation: 'deposit', destinations }));
    const { document } = freshLetter();
    form.set('document', new Blob([new Uint8Array(document)], { type: 'application/xml' }), 'letter.xml');
    expect((await run.call('/api/submissions', { method: 'POST', body: form })).status).toBe(202);
  }

  const stateOf = async () => {
    const { items } = (await run.call('/api/destinations')).body;
    return items.find(({ id }: { id: string }) => id === 'mssante.demo.labo');
  };

  test('goes on by itself once its password is right, without a restart', async () => {
    await send();
    await vi.waitUntil(async () => (await stateOf()).state === 'parked', WAIT);
    expect(await stateOf()).toMatchObject({ code: 'mssante.access-refused' });
    writeFileSync(password, world.password);
    expect(await world.arrival(BOX.practitioner, (raw) => raw.includes('IHE_XDM.zip'))).toContain('X-MSS');
    expect((await stateOf()).state).toBe('closed');
  }, 60_000);
});
