import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Admission } from '../../src/intake/admission.ts';
import { intakeLimits } from '../../src/intake/limits.ts';
import { type RunningGateway, sample, startTestGateway } from '../gateway/running.ts';

const busy = expect.objectContaining({ code: 'request.door-busy' });

describe('what may be in hand', () => {
  test('ends at so many requests, and begins again when one has left', () => {
    const admission = new Admission(3, 1000);
    const leave = [1, 2, 3].map(() => admission.enter(10));
    expect(() => admission.enter(10)).toThrow(busy);
    leave[0]!();
    leave[0]!();
    expect(admission.enter(10)).toBeTypeOf('function');
    expect(() => admission.enter(10)).toThrow(busy);
  });

  test('ends at so many bytes', () => {
    const admission = new Admission(10, 1000);
    admission.enter(600);
    expect(() => admission.enter(401)).toThrow(busy);
    admission.enter(400);
    expect(admission.inHand).toBe(2);
  });

  test('is never so little that a single request stays outside', () => {
    const admission = new Admission(1, 10);
    expect(admission.enter(1_000_000)).toBeTypeOf('function');
  });

  test('counts a body of unknown size as the largest', () => {
    const { value: largest } = intakeLimits.documentBytes;
    const admission = new Admission(10, largest);
    admission.enter(1);
    expect(() => admission.enter(null)).toThrow(busy);
  });
});

describe('a gateway with its hands full', () => {
  let run: RunningGateway;
  afterEach(() => run.close());

  test('turns the next away before reading it, and takes it when there is room', async () => {
    run = await startTestGateway();
    const slow = [await begun(run), await begun(run)];
    const known = await run.submit(sample('discharge-letter.xml'));
    expect(known.status).toBe(200);
    const unknown = {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      duplex: 'half',
    } as const;
    const third = () => run.call('/api/validate', { ...unknown, body: streamOf('<a/>') } as RequestInit);
    const { status, headers, body } = await third();
    expect([status, headers.get('retry-after'), body.code]).toEqual([503, '5', 'request.door-busy']);
    for (const hangUp of slow) await hangUp();
    expect((await third()).status).toBe(200);
  });

  test('stops although a body never ends, and hangs up on it', async () => {
    run = await startTestGateway();
    await begun(run);
    const began = performance.now();
    await run.gateway.close();
    expect(performance.now() - began).toBeLessThan(intakeLimits.doorDrainMs.value + 5_000);
  });
});

/** A submission of unknown size that is inside and does not end; the function hangs up. */
async function begun({ http, token }: RunningGateway): Promise<() => Promise<void>> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/xml',
    expect: '100-continue',
  };
  const sent = request(`${http}/api/submissions?to=dmp`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.write('<ClinicalDocument');
  return async () => {
    const closed = new Promise((resolve) => sent.once('close', resolve));
    sent.destroy();
    await closed;
  };
}

function streamOf(text: string): ReadableStream {
  return new Blob([text]).stream();
}
