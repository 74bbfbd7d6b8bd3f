import { describe, expect, test } from 'vitest';
import { RecentValues } from '../../src/ledger/recent.ts';

describe('values stored lately', () => {
  test('are given back as they were handed over, to their establishment only', () => {
    const recent = new RecentValues(100);
    const bytes = Buffer.from('document');
    recent.keep('one', 'a', bytes);
    expect(recent.get('one', 'a')).toBe(bytes);
    expect(recent.get('two', 'a')).toBeNull();
  });

  test('make room for later ones in the order in which they came', () => {
    const recent = new RecentValues(40);
    for (const id of ['a', 'b', 'c', 'd']) recent.keep('one', id, Buffer.alloc(10));
    expect(recent.bytes).toBe(40);
    recent.keep('one', 'e', Buffer.alloc(1));
    expect(recent.get('one', 'a')).toBeNull();
    expect(recent.get('one', 'b')).not.toBeNull();
    expect(recent.bytes).toBe(31);
  });

  test('are not kept when one would take more than a quarter of the room', () => {
    const recent = new RecentValues(40);
    recent.keep('one', 'a', Buffer.alloc(11));
    expect([recent.get('one', 'a'), recent.bytes]).toEqual([null, 0]);
  });

  test('leave no trace in the count when they are forgotten or kept again', () => {
    const recent = new RecentValues(100);
    recent.keep('one', 'a', Buffer.alloc(10));
    recent.keep('one', 'a', Buffer.alloc(20));
    expect(recent.bytes).toBe(20);
    recent.forget('one', 'a');
    recent.forget('one', 'never');
    expect(recent.bytes).toBe(0);
  });
});
