import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/words/clock.ts';
import { Annuaire, KEY, mailbox } from '../delivery/mssante/directory/annuaire.ts';
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
  let annuaire: Annuaire;

  beforeAll(async () => {
    world = await MailWorld.start();
    const smtp = serverYaml(world, 'login', world.login(BOX.gateway));
    password = join(world.folder, 'login.password');
    writeFileSync(password, 'wrong');
    annuaire = await new Annuaire().start();
    const keyFile = join(world.folder, 'api.key');
    writeFileSync(keyFile, KEY);
    annuaire.resources.push({
      ...{ resourceType: 'Practitioner', id: 'p2', telecom: [mailbox(BOX.practitioner, 'CAB')] },
    });
    const mssante = { directory: { url: annuaire.url, keyFile } };
    run = await startMailGateway(world, { mailbox: { smtp }, mssante, clock });
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await annuaire?.close();
    await world?.[Symbol.asyncDispose]();
  });

  async function send(): Promise<string> {
    const form = new FormData();
    const recipient = { address: BOX.practitioner, class: 'professional', id: null };
    const destinations = { dmp: false, mssante: [recipient], patient: false, patientMayAnswer: false };
    form.set('request', JSON.stringify({ operation: 'deposit', destinations }));
    const { document } = freshLetter();
    form.set('document', new Blob([new Uint8Array(document)], { type: 'application/xml' }), 'letter.xml');
    const { status, body } = await run.call('/api/submissions', { method: 'POST', body: form });
    expect(status).toBe(202);
    return body.id;
  }

  const stateOf = async () => {
    const { items } = (await run.call('/api/destinations')).body;
    return items.find(({ id }: { id: string }) => id === 'mssante.demo.labo');
  };

  test('goes on by itself once its password is right, without a restart', async () => {
    const id = await send();
    await vi.waitUntil(async () => (await stateOf()).state === 'parked', WAIT);
    expect(await stateOf()).toMatchObject({ code: 'mssante.access-refused' });
    writeFileSync(password, world.password);
    expect(await world.arrival(BOX.practitioner, (raw) => raw.includes('IHE_XDM.zip'))).toContain('X-MSS');
    expect((await stateOf()).state).toBe('closed');
    const [delivery] = (await run.call(`/api/submissions/${id}`)).body.deliveries;
    expect(delivery.attempts[0].traces).toEqual([
      { code: 'mssante.directory-practice', message: expect.stringContaining('cabinet') },
    ]);
  }, 60_000);
});
