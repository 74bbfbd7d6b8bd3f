import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { KINDS } from '../../../src/alarms/kinds.ts';
import { commands } from '../../../src/gateway/cli/commands.ts';
import { runCommand } from '../../../src/gateway/cli/run.ts';
import { freshLetter, type RunningGateway, startTestGateway } from '../running.ts';

// What somebody on duty types at night: each command of this file goes through the running gateway.

let run: RunningGateway;
let out: string;

beforeAll(async () => {
  run = await startTestGateway();
});
afterAll(() => run.close());
beforeEach(() => {
  out = '';
  vi.stubEnv('VIADUC_DATA', run.data);
  vi.stubEnv('VIADUC_TOKEN', run.token);
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((text) => {
      out += `${text}\n`;
    });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function viaduc(...[name, ...args]: string[]): Promise<number> {
  out = '';
  return runCommand(await commands[name!]!(), args);
}

test('a destination is listed, stopped with its alarm, and resumed', async () => {
  await run.submit(freshLetter().document);
  expect(await viaduc('destinations')).toBe(0);
  const [id] = /dmp\.demo\.\S+/.exec(out)!;
  expect(out).toMatch(/destination +état/);
  expect(await viaduc('destinations', 'stop', id, '--reason', 'bascule du réseau')).toBe(0);
  expect(out).toMatch(/ arrêtée /);
  await run.submit(freshLetter().document, 'to=dmp', { prefer: 'wait=0' });
  expect(await viaduc('destinations', '--lang', 'en')).toBe(0);
  expect(out).toMatch(/ stopped +\S+ +1 /);
  expect(out).toContain(`${id}: admin: bascule du réseau`);

  expect(await viaduc('alarms')).toBe(0);
  const [, alarm] = /^(\S+) {2}information {2}destination-stopped/m.exec(out)!;
  expect(out).toContain(`viaduc destinations resume ID`);
  expect(await viaduc('alarms', 'acknowledge', alarm!)).toBe(0);
  expect(out).toMatch(/vue par admin/);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await viaduc('alarms', 'silence', alarm!, '--until', until, '--reason', 'bascule prévue')).toBe(0);
  expect(out).toContain(`silence jusqu’au ${until}`);

  expect(await viaduc('destinations', 'resume', id, '--reason', 'réseau revenu')).toBe(0);
  expect(out).toMatch(/ (à l’essai|en service) /);
});

test('what is held is listed with who holds it and why, and released', async () => {
  const { body } = await run.submit(freshLetter().document, 'to=dmp', { prefer: 'wait=0' });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const second = await run.submit(freshLetter().document, `to=dmp&holdUntil=${until}&holdReason=relecture`, {
    prefer: 'wait=0',
  });
  expect([body.state, second.body.state]).toContain('held');
  expect(await viaduc('holds')).toBe(0);
  expect(out).toContain(second.body.id);
  expect(out).toMatch(/request +relecture/);
  expect(await viaduc('holds', 'release', second.body.id, '--reason', 'relu')).toBe(0);
  expect(await viaduc('holds')).toBe(0);
  expect(out).not.toContain(second.body.id);
});

test('what came to its date undecided stands among what is held, and is held further', async () => {
  const soon = new Date(Date.now() + 1_500).toISOString();
  const asked = `to=dmp&holdUntil=${new Date(Date.now() + 3_600_000).toISOString()}&holdReason=relecture`;
  const { body } = await run.submit(freshLetter().document, asked, { prefer: 'wait=0' });
  const place = (...more: string[]) => viaduc('holds', 'place', body.id, '--reason', 'avis', ...more);
  expect(await place('--until', soon, '--at-end', 'escalate')).toBe(0);
  expect(out).toContain(`${body.id}: held`);
  await expect.poll(() => viaduc('holds').then(() => out), { timeout: 20_000 }).toMatch(/À TRANCHER +admin/);
  const later = new Date(Date.now() + 7_200_000).toISOString();
  expect(await place('--until', later)).toBe(0);
  expect(await viaduc('holds')).toBe(0);
  expect(out).toMatch(new RegExp(`${body.id} .*${later} +à trancher +admin +avis`));
  expect(await viaduc('holds', 'release', body.id, '--reason', 'relu')).toBe(0);
});

test.each([
  [
    ['destinations', 'resume', 'dmp.demo.nobody', '--reason', 'encore'],
    1,
    /\[delivery.destination-unknown\]/,
  ],
  [['alarms', 'acknowledge', 'nothing'], 1, /\[alarms.not-found\]/],
  [['alarms', 'silence', 'x', '--reason', 'maintenance'], 2, /--until INSTANT/],
  [['destinations', 'stop'], 2, /give its ID/],
  [['destinations', 'stop', 'x'], 2, /--reason TEXT/],
  [['holds', 'drop'], 2, /not 'drop'/],
  [['holds', 'place', 'x', '--reason', 'relecture'], 2, /--until INSTANT/],
  [['holds', 'place', 'x', '--reason', 'avis', '--until', '2027-01-01', '--at-end', 'never'], 2, /--at-end/],
])('%j ends with %i and says why', async (args, status, told) => {
  expect(await viaduc(...args)).toBe(status);
  expect(out).toMatch(told);
});

describe('every command that an alarm tells to type', () => {
  const told = Object.entries(KINDS).flatMap(([kind, { steps }]) =>
    steps.flatMap(({ fr, en }) =>
      [...`${fr} ${en}`.matchAll(/`viaduc ([^`]+)`/g)].map(([, line]) => [kind, line!] as const),
    ),
  );

  test.each(told)('%s: viaduc %s', async (_kind, line) => {
    const [name, ...words] = line.split(' ');
    expect(Object.keys(commands)).toContain(name);
    const { usage, options } = await commands[name!]!();
    const verb = words[0] && /^[a-z]/.test(words[0]) ? ` ${words[0]}` : '';
    expect(usage).toContain(`${name}${verb}`);
    for (const word of words)
      if (word.startsWith('--')) expect(Object.keys(options)).toContain(word.slice(2));
  });

  test('there are some', () => expect(told.length).toBeGreaterThan(10));
});
