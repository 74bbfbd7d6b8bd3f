import { expect, test } from 'vitest';
import { MAIL_FAULTS } from '../../../src/sandbox/mssante/faults.ts';
import { mailSandboxLimits } from '../../../src/sandbox/mssante/limits.ts';
import { APPLICATION, BOX, DOCTOR, fieldsOf, letter, PATIENT, world } from './stage.ts';

const mail = world();
const inbox = (address: string) => mail.it.simulation.boxes.get(address)?.inbox.mails.length ?? 0;
const actions = async (count: number) =>
  (await mail.received(BOX, count)).map((one) => /^Action: (.*)$/m.exec(fieldsOf(one))?.[1]?.trim());
const answerOf = (sending: Promise<unknown>) => sending.catch((error: unknown) => error);

test.each([
  ['connect', 421],
  ['mail', 451],
  ['rcpt', 450],
  ['rcpt', 550],
  ['end', 452],
  ['end', 554],
] as const)('reply at %s with %i (sandbox.mail-scripted), and the next mail passes', async (step, code) => {
  mail.fault({ fault: 'reply', step, code });
  const failure = await answerOf(mail.send(await letter()));
  expect(failure).toMatchObject({
    responseCode: code,
    response: expect.stringContaining('sandbox.mail-scripted'),
  });
  expect(await mail.send(await letter())).toMatchObject({ accepted: [DOCTOR] });
});

test.each(['connect', 'mail', 'rcpt', 'end'] as const)('cut at %s: nothing is kept', async (step) => {
  mail.fault({ fault: 'cut', step });
  expect(await answerOf(mail.send(await letter()))).toMatchObject({
    code: expect.stringMatching(/ECONN|ESOCKET/),
  });
  expect(inbox(DOCTOR)).toBe(0);
});

test('cut-before-dot keeps nothing; cut-after-dot keeps the mail and reports it; cut-after-dot-lost forgets it', async () => {
  mail.fault({ fault: 'cut-before-dot' }, { fault: 'cut-after-dot-lost' }, { fault: 'cut-after-dot' });
  for (const kept of [0, 0, 1]) {
    expect(await answerOf(mail.send(await letter()))).toMatchObject({
      code: expect.stringMatching(/ECONN|ESOCKET/),
    });
    await mail.received(DOCTOR, kept);
    expect(inbox(DOCTOR)).toBe(kept);
  }
  expect(await actions(1)).toEqual(['delivered']);
});

test('mailbox-full and certificate-refused are answered for now; slow is done later, hang never', async () => {
  mail.fault({ fault: 'mailbox-full', match: { recipient: DOCTOR } });
  expect(await answerOf(mail.send(await letter()))).toMatchObject({
    response: expect.stringContaining('452 4.2.2'),
  });
  mail.fault({ fault: 'certificate-refused' });
  expect(await answerOf(mail.send(await letter()))).toMatchObject({ responseCode: 421 });
  mail.fault({ fault: 'slow', step: 'end', delayMs: 30 });
  expect(await mail.send(await letter())).toMatchObject({ accepted: [DOCTOR] });
  mail.fault({ fault: 'hang', step: 'rcpt' });
  const hanging = answerOf(mail.send(await letter()));
  await expect.poll(() => mail.it.simulation.faults.list().at(-1)?.fired).toBe(1);
  expect(await Promise.race([hanging, Promise.resolve('still waiting')])).toBe('still waiting');
});

test.each([
  ['no-dsn', []],
  ['dsn-late', ['delivered']],
  ['dsn-twice', ['delivered', 'delivered']],
  ['dsn-expanded', ['expanded']],
  ['dsn-relayed', ['relayed']],
  ['dsn-delayed', ['delayed', 'delivered']],
  ['dsn-failed', ['failed']],
  ['dsn-failed-after-relayed', ['relayed', 'failed']],
  ['bounce-text', [undefined]],
] as const)('%s: %j', async (fault, expected) => {
  mail.fault({ fault, delayMs: 20, match: { class: 'person' } });
  await mail.send(await letter());
  expect(await actions(expected.length)).toEqual(expected);
  await expect.poll(() => mail.it.simulation.pending.size).toBe(0);
  expect(inbox(BOX)).toBe(expected.length);
  expect(inbox(DOCTOR)).toBe(fault === 'dsn-failed' || fault === 'bounce-text' ? 0 : 1);
});

test.each([
  ['mdn-error', /; processed\/error\r?\nError: 902\^/],
  ['mdn-error-old-form', /; processed\/Error: 902\^/],
  ['mdn-deleted', /; deleted/],
  ['mdn-twice', /; processed\r?\n/],
  ['no-mdn', null],
] as const)('%s', async (fault, expected) => {
  mail.fault({ fault });
  await mail.send(await letter({ to: APPLICATION }), { to: APPLICATION, notify: ['NEVER'] });
  const count = fault === 'mdn-twice' ? 2 : fault === 'no-mdn' ? 0 : 1;
  const got = await mail.received(BOX, count);
  if (expected) expect(fieldsOf(got.at(-1)!)).toMatch(expected);
  await expect.poll(() => mail.it.simulation.pending.size).toBe(0);
  expect(inbox(BOX)).toBe(count);
});

test('a rule is for one recipient or class, for so many times or each n-th', async () => {
  mail.fault(
    { fault: 'reply', match: { class: 'patient' }, every: 2 },
    { fault: 'reply', code: 550, times: 2, match: { recipient: DOCTOR } },
  );
  const sent: (number | undefined)[] = [];
  for (const to of [DOCTOR, PATIENT, DOCTOR, PATIENT, DOCTOR, PATIENT]) {
    const answer = await answerOf(mail.send(await letter({ to }), { to }));
    sent.push((answer as { responseCode?: number }).responseCode);
  }
  expect(sent).toEqual([550, undefined, 550, 451, undefined, undefined]);
});

test('there are so many rules and not one more (sandbox.mail-too-many-faults)', () => {
  const rules = Array.from({ length: mailSandboxLimits.faultRules.value }, () => ({
    fault: 'no-dsn' as const,
  }));
  mail.fault(...rules);
  expect(() => mail.fault({ fault: 'no-dsn' })).toThrow(
    expect.objectContaining({ code: 'sandbox.mail-too-many-faults' }),
  );
});

test('every fault says when it is played', () => {
  for (const words of Object.values(MAIL_FAULTS)) expect(words).toMatch(/^(\[rcpt\]|[a-z-]+:) \S/);
});
