import { describe, expect, test } from 'vitest';
import type { DeliveryRow } from '../../src/ledger/views.ts';
import { type PlanInput, plan } from '../../src/routing/plan.ts';
import type { Hold } from '../../src/words/hold.ts';

const NOW = Date.parse('2026-07-01T08:00:00Z');

function row(changes: Partial<DeliveryRow> & { id: string }): DeliveryRow {
  return {
    ...{
      seq: 2,
      destination: { kind: 'dmp' },
      chain: 'v1',
      operation: 'deposit',
      submission: 's',
      documents: ['v1'],
      lane: 'live',
    },
    ...{
      state: 'due',
      outcome: null,
      code: null,
      dueAtMs: NOW,
      waitsFor: null,
      attempts: 0,
      charged: 0,
      doubt: false,
    },
    ...{ lot: null, results: [], entries: {}, receipt: null, finishedAt: null },
    ...changes,
  } as DeliveryRow;
}

function input(changes: Partial<PlanInput>): PlanInput {
  return {
    operation: 'deposit',
    documents: ['v1'],
    target: null,
    destinations: [{ kind: 'dmp' }],
    holdUntil: null,
    nowMs: NOW,
    known: [],
    ...changes,
  };
}

const replace = (known: DeliveryRow[], target = 'v1') =>
  plan(input({ operation: 'replace', documents: ['v2'], target, known }));
const remove = (known: DeliveryRow[], target = 'v1') =>
  plan(input({ operation: 'delete', documents: [target], target, known }));
const consequences = (made: ReturnType<typeof plan>) =>
  made.consequences.map(({ type, data }) => [type, data]);

describe('a deposit', () => {
  test('is due at once and begins its own chain', () => {
    expect(plan(input({}))).toMatchObject({
      deliveries: [{ state: 'due', chain: 'v1', joined: false, waitsFor: null }],
      consequences: [],
    });
  });

  test('with a hold waits for it, a hold that is over delays nothing', () => {
    expect(plan(input({ holdUntil: '2026-07-02T00:00:00Z' })).deliveries[0]).toMatchObject({
      state: 'waiting',
      waitsFor: null,
      dueAt: '2026-07-02T00:00:00.000Z',
    });
    expect(plan(input({ holdUntil: '2026-06-30T00:00:00Z' })).deliveries[0]).toMatchObject({ state: 'due' });
  });

  test.each([
    [row({ id: 'd', state: 'final', outcome: 'delivered' })],
    [row({ id: 'd', state: 'sending' })],
    [row({ id: 'd', state: 'ambiguous', doubt: true })],
    [row({ id: 'd', state: 'waiting' })],
  ])('sent again joins what was delivered or is under way', (known) => {
    expect(plan(input({ known: [known] }))).toMatchObject({
      deliveries: [{ id: 'd', joined: true }],
      consequences: [],
    });
  });

  test('sent again opens what was parked; what may have left is asked for first', () => {
    expect(consequences(plan(input({ known: [row({ id: 'd', state: 'parked' })] })))).toMatchObject([
      ['delivery.reopened', { delivery: 'd', to: 'due' }],
    ]);
    expect(
      consequences(plan(input({ known: [row({ id: 'd', state: 'parked', doubt: true })] }))),
    ).toMatchObject([['delivery.reopened', { to: 'ambiguous' }]]);
  });

  test('sent again leaves to a person what a person held until a date that has come, and no other hold', () => {
    const opens = (origin: Hold['origin']) => {
      const escalated = { reason: 'relecture', until: '2026-06-30T00:00:00Z', atEnd: 'escalate' as const };
      const held = row({ id: 'd', state: 'parked', escalated: { ...escalated, origin, by: null } });
      const made = plan(input({ known: [held] }));
      expect(made.deliveries).toMatchObject([{ id: 'd', joined: true, state: 'parked' }]);
      return consequences(made);
    };
    expect(opens('person')).toEqual([]);
    for (const origin of ['request', 'rule'] as const)
      expect(opens(origin)).toMatchObject([['delivery.reopened', { delivery: 'd', to: 'due' }]]);
  });

  test('sent again opens what was stopped while it waited, and it waits again until its predecessor has ended', () => {
    const stopped = row({ id: 'd', state: 'parked', waitsFor: 'p', documents: ['v1'] });
    const before = row({ id: 'p', state: 'ambiguous', doubt: true, documents: ['v0'] });
    expect(consequences(plan(input({ known: [before, stopped] })))).toMatchObject([
      ['delivery.reopened', { delivery: 'd', to: 'waiting', waitsFor: 'p', dueAt: null }],
    ]);
    const ended = row({ id: 'p', state: 'final', outcome: 'delivered', documents: ['v0'] });
    expect(consequences(plan(input({ known: [ended, stopped] })))).toMatchObject([
      ['delivery.reopened', { delivery: 'd', to: 'due', waitsFor: null }],
    ]);
  });

  test('sent again after its deletion is refused: its receipt would say what is no longer so', () => {
    const gone = [
      row({ id: 'd', state: 'final', outcome: 'delivered' }),
      row({ id: 'e', seq: 3, operation: 'delete', state: 'final', outcome: 'delivered', code: 'delivered' }),
    ];
    expect(() => plan(input({ known: gone }))).toThrow(
      expect.objectContaining({ code: 'routing.target-deleted' }),
    );
    const nothing = [
      row({ id: 'd', state: 'final', outcome: 'refused' }),
      { ...gone[1]!, code: 'delivery.nothing-to-delete' },
    ];
    expect(plan(input({ known: nothing })).deliveries).toMatchObject([{ joined: false, state: 'due' }]);
  });

  test.each(['refused', 'cancelled'] as const)('sent again after being %s is a new delivery', (outcome) => {
    const made = plan(input({ known: [row({ id: 'd', state: 'final', outcome })] }));
    expect(made.deliveries).toMatchObject([{ joined: false, state: 'due' }]);
    expect(made.deliveries[0]!.id).not.toBe('d');
  });

  test('of two documents of which one was delivered sends the other alone', () => {
    const made = plan(
      input({ documents: ['v1', 'w'], known: [row({ id: 'd', state: 'final', outcome: 'delivered' })] }),
    );
    expect(made.deliveries).toMatchObject([
      { id: 'd', joined: true },
      { joined: false, documents: ['w'] },
    ]);
  });
});

describe('a replacement', () => {
  test('of itself is refused, and so is one of what already replaced it', () => {
    expect(() => plan(input({ operation: 'replace', documents: ['v1'], target: 'v1' }))).toThrow(
      expect.objectContaining({ code: 'routing.replaces-itself' }),
    );
    const known = [
      row({
        id: 'd',
        operation: 'replace',
        documents: ['w'],
        chain: 'v1',
        state: 'final',
        outcome: 'delivered',
      }),
    ];
    expect(() => plan(input({ operation: 'replace', documents: ['v1'], target: 'w', known }))).toThrow(
      expect.objectContaining({ code: 'routing.newer-version-known' }),
    );
  });

  test('of what was refused is deposited as new, also when somebody had asked for its deletion', () => {
    const known = [
      row({ id: 'd', state: 'final', outcome: 'refused' }),
      row({
        ...{ id: 'e', seq: 3, operation: 'delete', state: 'final', outcome: 'delivered' },
        code: 'delivery.nothing-to-delete',
      }),
    ];
    expect(replace(known).deliveries).toMatchObject([{ state: 'due', waitsFor: null }]);
  });

  test('of one that was stopped does not wait for what has ended', () => {
    const known = [
      row({ id: 'd', state: 'final', outcome: 'delivered' }),
      row({ id: 'e', seq: 3, operation: 'replace', documents: ['v2'], state: 'parked', waitsFor: 'd' }),
    ];
    const made = plan(input({ operation: 'replace', documents: ['v3'], target: 'v2', known }));
    expect(made.deliveries).toMatchObject([{ state: 'due', waitsFor: null }]);
  });

  test('of a document unknown here is due in the chain of its target', () => {
    expect(replace([])).toMatchObject({ deliveries: [{ state: 'due', chain: 'v1', operation: 'replace' }] });
  });

  test('of a delivered document is due', () => {
    expect(replace([row({ id: 'd', state: 'final', outcome: 'delivered' })]).deliveries).toMatchObject([
      { state: 'due', waitsFor: null },
    ]);
  });

  test.each([row({ id: 'd' }), row({ id: 'd', state: 'waiting' }), row({ id: 'd', state: 'parked' })])(
    'takes the place of a predecessor that never left',
    (known) => {
      const made = replace([known]);
      expect(made.deliveries).toMatchObject([{ state: 'due' }]);
      expect(consequences(made)).toMatchObject([
        ['delivery.finished', { delivery: 'd', outcome: 'superseded' }],
      ]);
    },
  );

  test.each([
    row({ id: 'd', state: 'sending' }),
    row({ id: 'd', state: 'ambiguous', doubt: true }),
    row({ id: 'd', state: 'parked', doubt: true }),
  ])('waits for a predecessor that may have left', (known) => {
    expect(replace([known])).toMatchObject({
      deliveries: [{ state: 'waiting', waitsFor: 'd' }],
      consequences: [],
    });
  });

  test('taking the place of a version that waited waits for the same', () => {
    const first = row({ id: 'a', state: 'sending' });
    const second = row({ id: 'b', state: 'waiting', waitsFor: 'a', operation: 'replace', documents: ['v2'] });
    const made = plan(
      input({ operation: 'replace', documents: ['v3'], target: 'v2', known: [first, second] }),
    );
    expect(made.deliveries).toMatchObject([{ state: 'waiting', waitsFor: 'a', chain: 'v1' }]);
    expect(consequences(made)).toMatchObject([
      ['delivery.finished', { delivery: 'b', outcome: 'superseded' }],
    ]);
  });

  test('of a refused document is due', () => {
    expect(replace([row({ id: 'd', state: 'final', outcome: 'refused' })]).deliveries).toMatchObject([
      { state: 'due', waitsFor: null },
    ]);
  });

  test('of a version that is not the newest is refused, naming the newest', () => {
    const known = [
      row({ id: 'a', state: 'final', outcome: 'delivered' }),
      row({ id: 'b', documents: ['v2'], operation: 'replace' }),
    ];
    expect(() => plan(input({ operation: 'replace', documents: ['v3'], target: 'v1', known }))).toThrow(
      expect.objectContaining({ code: 'routing.newer-version-known', values: { target: 'v1', newer: 'v2' } }),
    );
  });

  test('of a version whose successor was refused is taken', () => {
    const known = [
      row({ id: 'a', state: 'final', outcome: 'delivered' }),
      row({ id: 'b', documents: ['v2'], operation: 'replace', state: 'final', outcome: 'refused' }),
    ];
    expect(
      plan(input({ operation: 'replace', documents: ['v3'], target: 'v1', known })).deliveries,
    ).toMatchObject([{ state: 'due' }]);
  });

  test('of a deleted document is refused', () => {
    const known = [
      row({ id: 'a', state: 'final', outcome: 'delivered' }),
      row({ id: 'b', operation: 'delete', state: 'due' }),
    ];
    expect(() => replace(known)).toThrow(expect.objectContaining({ code: 'routing.target-deleted' }));
  });
});

describe('a deletion', () => {
  test('of a delivered or unknown document is due', () => {
    expect(remove([row({ id: 'd', state: 'final', outcome: 'delivered' })]).deliveries).toMatchObject([
      { state: 'due' },
    ]);
    expect(remove([]).deliveries).toMatchObject([{ state: 'due' }]);
  });

  test('of a document that never left cancels it and ends without a call', () => {
    const made = remove([row({ id: 'd' })]);
    expect(consequences(made)).toMatchObject([
      ['delivery.finished', { delivery: 'd', outcome: 'cancelled' }],
      [
        'delivery.finished',
        { delivery: made.deliveries[0]!.id, outcome: 'delivered', code: 'delivery.nothing-to-delete' },
      ],
    ]);
  });

  test('of a refused document has nothing to delete', () => {
    expect(consequences(remove([row({ id: 'd', state: 'final', outcome: 'refused' })]))).toMatchObject([
      ['delivery.finished', { code: 'delivery.nothing-to-delete' }],
    ]);
  });

  test('of a document that may have left waits', () => {
    expect(remove([row({ id: 'd', state: 'sending' })]).deliveries).toMatchObject([
      { state: 'waiting', waitsFor: 'd' },
    ]);
  });

  test('of a replacement that never left cancels it and goes on to the version that is there', () => {
    const known = [
      row({ id: 'a', state: 'final', outcome: 'delivered' }),
      row({ id: 'b', documents: ['v2'], operation: 'replace' }),
    ];
    const made = remove(known, 'v2');
    expect(made.deliveries).toMatchObject([{ state: 'due', chain: 'v1' }]);
    expect(consequences(made)).toMatchObject([
      ['delivery.finished', { delivery: 'b', outcome: 'cancelled' }],
    ]);
  });

  test('asked for twice is the same deletion', () => {
    const known = [
      row({ id: 'a', state: 'final', outcome: 'delivered' }),
      row({ id: 'b', operation: 'delete', state: 'due' }),
    ];
    expect(remove(known)).toMatchObject({ deliveries: [{ id: 'b', joined: true }] });
  });
});

describe('a deletion of two documents that came in one lot', () => {
  const lot = row({ id: 'd', documents: ['v1', 'w1'], state: 'final', outcome: 'delivered' });
  const removeBoth = (known: DeliveryRow[]) =>
    plan(input({ operation: 'delete', documents: ['v1', 'w1'], target: 'v1', known }));

  test('is one delivery for each, as a lot deletes one', () => {
    expect(removeBoth([lot]).deliveries).toMatchObject([
      { operation: 'delete', documents: ['v1'], chain: 'v1', state: 'due' },
      { operation: 'delete', documents: ['w1'], chain: 'v1', state: 'due' },
    ]);
  });

  test('when one is gone already deletes the other, and is answered for the first', () => {
    const first = row({
      ...{ id: 'e', seq: 3, operation: 'delete', documents: ['v1'], state: 'final' },
      ...{ outcome: 'delivered', code: 'delivered' },
    });
    expect(removeBoth([lot, first]).deliveries).toMatchObject([
      { id: 'e', joined: true },
      { joined: false, documents: ['w1'], state: 'due' },
    ]);
    expect(remove([lot, first], 'w1').deliveries).toMatchObject([{ joined: false, documents: ['w1'] }]);
  });
});
