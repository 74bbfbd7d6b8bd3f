import { expect, test } from 'vitest';
import { simulateOutage } from './simulation.ts';

// The whole of it, two days and 20,000 documents, is `npm run test:outage`.

test('after hours of outage nothing is parked, doubled or out of order, and what comes does not wait behind the backlog', async () => {
  const options = { outageHours: 4, documents: 1200, chains: 60, livePerMinute: 60, seed: 7 };
  const report = await simulateOutage(options, () => {});
  expect(report).toMatchObject({
    ...{ doubled: 0, disordered: 0, missing: 0, leftOver: 0, errors: 0 },
    alarms: ['opened destination-down dmp', 'closed destination-down dmp'],
  });
  expect(Object.keys(report.states).filter((state) => !state.startsWith('final'))).toEqual([]);
  expect(report.backlog).toBeGreaterThan(900);
  expect(report.callsInOutage).toBeLessThan(500);
  expect(report.mostCharged).toBeLessThanOrEqual(1);
  expect(report.liveWhileDraining).toBeGreaterThan(20);
  expect(report.slowestLiveSeconds).toBeLessThan(60);
}, 120_000);
