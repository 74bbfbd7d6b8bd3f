import { describe, expect, test } from 'vitest';
import { ANSWERS_TO_CLOSE, Circuit } from '../../src/delivery/circuit.ts';
import { parseSchedule } from '../../src/delivery/schedule.ts';

const circuitOf = (schedule = '10s, 1m', failures = 3) =>
  new Circuit({ failures, probes: parseSchedule(schedule) }, () => 0);
const opened = (schedule?: string) => {
  const circuit = circuitOf(schedule);
  for (let count = 0; count < 3; count += 1) circuit.down(0);
  return circuit;
};

describe('a circuit', () => {
  test('opens at so many failures in a row, not before, and an answer between begins the count again', () => {
    const circuit = circuitOf();
    expect([circuit.down(0), circuit.down(0), circuit.up(), circuit.down(0), circuit.down(0)]).not.toContain(
      true,
    );
    expect(circuit.state).toBe('closed');
    expect(circuit.down(0)).toBe(true);
    expect(circuit.state).toBe('open');
  });

  test('lets one probe pass when its time has come, and waits longer after each that failed, at most as the schedule says', () => {
    const circuit = opened();
    const waits = [];
    for (let nowMs = 0; waits.length < 4; ) {
      waits.push(circuit.probeAtMs! - nowMs);
      expect([circuit.mayProbe(circuit.probeAtMs! - 1), circuit.mayProbe(circuit.probeAtMs!)]).toEqual([
        false,
        true,
      ]);
      const atMs = circuit.probeAtMs!;
      circuit.probing();
      expect(circuit.probeAtMs).toBeNull();
      circuit.down(atMs);
      nowMs = atMs;
    }
    expect(waits).toEqual([10_000, 60_000, 60_000, 60_000]);
  });

  test('counts no failure twice that was under way when it opened', () => {
    const circuit = opened();
    expect([circuit.down(5), circuit.down(6)]).toEqual([false, false]);
    expect(circuit.probeAtMs).toBe(10_000);
  });

  test('closes after so many probes in a row were answered; a failure among them opens it again', () => {
    const circuit = opened();
    circuit.probing();
    for (let count = 1; count < ANSWERS_TO_CLOSE; count += 1) expect(circuit.up()).toBe(false);
    expect(circuit.down(10_000)).toBe(true);
    circuit.probing();
    for (let count = 1; count < ANSWERS_TO_CLOSE; count += 1) expect(circuit.up()).toBe(false);
    expect(circuit.up()).toBe(true);
    expect(circuit.state).toBe('closed');
  });

  test('closes when one was answered and nothing more is there to try it on, not when none was', () => {
    const circuit = opened();
    expect(circuit.nothingDue()).toBe(false);
    circuit.probing();
    expect(circuit.nothingDue()).toBe(false);
    circuit.up();
    expect(circuit.nothingDue()).toBe(true);
    expect(circuit.state).toBe('closed');
  });

  test('waits no longer because the clock was set back', () => {
    const circuit = opened();
    expect([circuit.mayProbe(1), circuit.mayProbe(-1)]).toEqual([false, true]);
  });

  test('is asked one at a time, at once, when something was mended', () => {
    const circuit = opened();
    circuit.tryOne();
    expect([circuit.state, circuit.mayProbe(0)]).toEqual(['half-open', true]);
  });
});
