import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../src/indicators/definitions.ts';
import { REACHES, type Reach } from '../../src/indicators/mail-reach.ts';
import { PreparedFacts } from '../../src/indicators/prepare.ts';
import type { IndicatorResult, OpenedDocument } from '../../src/indicators/report.ts';
import type { MailedDocument, MailReceipt } from '../../src/words/figures.ts';
import {
  type Facts,
  letter,
  mail,
  mailed,
  NIR_TEST,
  type Over,
  receipt,
  reference,
  report as reportOf,
  resultIn,
  stays,
  suiviContinu,
  sunEs,
  told,
} from './facts.ts';

const LATE = '2022-07-05T10:00:00.000Z';
const two = stays(2);

/** As the shared ones, by the definition that measures mails in June 2022 too. */
const report = (facts: Facts | PreparedFacts, over: Over = {}) =>
  reportOf(facts, { definition: suiviContinu, ...over });
const figure = (code: string, facts: Facts, over: Over = {}) => resultIn(report(facts, over), code);
const fraction = (code: string, facts: Facts, over: Over = {}) => {
  const { numerator, denominator } = figure(code, facts, over);
  return [numerator, denominator];
};

const counting = (counts: Reach): Over => ({
  definition: {
    ...suiviContinu,
    indicators: suiviContinu.indicators.map((one) => (one.code.startsWith('DS4') ? { ...one, counts } : one)),
  },
});

/** DS4.1 of two stays, counted at each of the three facts. */
function atEach(mails: MailedDocument[], over: Over = {}): (number | null)[] {
  return REACHES.map(
    (counts) => figure('DS4.1', { stays: two, mails }, { ...counting(counts), ...over }).numerator,
  );
}

function mailsOf(mails: MailedDocument[], over: Over = {}) {
  return figure('DS4.1', { stays: two, mails }, over).mails!;
}

/** Why each document that was mailed does not count, or `counts`. */
function reasons(mails: MailedDocument[], over: Over = {}): (OpenedDocument['because'] | 'counts')[] {
  const { counted, lacking } = report({ stays: two, mails }, over).open('DS4.1');
  return [...counted, ...lacking].flatMap(({ documents }) =>
    documents.map(({ because }) => because ?? 'counts'),
  );
}

const replacing = (of: MailedDocument, over: Partial<MailedDocument> = {}) =>
  mail('S1', {
    ...{ operation: 'replace', target: of.uniqueId, chain: of.chain, recipient: of.recipient },
    acceptedAt: '2022-06-16T13:00:00.000Z',
    ...over,
  });

const deleting = (of: MailedDocument, over: Partial<MailedDocument> = {}) =>
  replacing(of, { operation: 'delete', uniqueId: of.uniqueId, ...over });

const next = (says: Parameters<typeof receipt>[0]) => receipt(says, '2022-06-16T14:00:00.000Z');

describe('how far a mail came', () => {
  const to = (...says: Parameters<typeof receipt>[0][]) => [
    told(mail('S1'), ...says.map((one) => receipt(one))),
  ];

  test.each<[string, MailedDocument[], number[]]>([
    ['accepted by the operator', to(), [1, 0, 0]],
    ['delayed', to('delayed'), [1, 0, 0]],
    ['relayed', to('relayed'), [1, 1, 0]],
    ['expanded to a list', to('expanded'), [1, 1, 0]],
    ['delivered', to('delivered'), [1, 1, 1]],
    ['relayed, then read', to('relayed', 'mdn'), [1, 1, 1]],
    ['relayed, and a plain mail says it was not integrated', to('relayed', 'ko'), [1, 1, 0]],
    ['failed', to('failed'), [0, 0, 0]],
    ['relayed, then bounced', to('relayed', 'bounce'), [0, 0, 0]],
    [
      'refused after the operator took it',
      [mail('S1', { outcome: 'refused', finishedAt: '2022-06-15T14:00:00.000Z' })],
      [0, 0, 0],
    ],
    ['delivered, then failed', to('delivered', 'failed'), [0, 0, 0]],
    ['bounced in no known form, then relayed', to('bounce', 'relayed'), [0, 0, 0]],
    ['relayed, bounced in no known form, and read', to('relayed', 'bounce', 'mdn'), [1, 1, 1]],
    [
      'taken over without the answer coming, then relayed',
      [told(mail('S1', { acceptedAt: null }), receipt('relayed'))],
      [1, 1, 0],
    ],
  ])('%s', (_, mails, expected) => {
    expect(atEach(mails)).toEqual(expected);
    const { units, sendings } = mailsOf(mails);
    expect(REACHES.map((reach) => units[reach])).toEqual(expected);
    expect(sendings).toEqual(units);
  });

  test('an MDN alone confirms nothing: the mail is unconfirmed and never delivered', () => {
    const expired = { outcome: 'unconfirmed', finishedAt: '2022-06-20T13:00:00.000Z' } as const;
    const mails = [{ ...mail('S1', expired), receipts: [receipt('mdn')] }];
    expect(atEach(mails)).toEqual([1, 0, 0]);
    expect(mailsOf(mails)).toMatchObject({ unconfirmed: 1, bounced: 0 });
  });

  test('a DSN after the expiry still confirms, from the instant it came', () => {
    const expired = { outcome: 'unconfirmed', finishedAt: '2022-06-20T13:00:00.000Z' } as const;
    const mails = [told(mail('S1', expired), receipt('delivered', '2022-06-25T10:00:00.000Z'))];
    expect(atEach(mails)).toEqual([1, 1, 1]);
    expect(mailsOf(mails).unconfirmed).toBe(0);
    expect(atEach(mails, { asOf: '2022-06-25T09:59:59Z' })).toEqual([1, 0, 0]);
  });

  test('the definition says which fact counts; without a word it is a positive receipt', () => {
    const text = JSON.stringify({
      ...{ id: 'x', version: '1', label: { fr: 'x', en: 'x' }, settings: {}, windows: [] },
      indicators: suiviContinu.indicators.slice(6, 8).map(({ counts: _, ...one }) => one),
    });
    const definition = readDefinition(Buffer.from(text), 'x.yaml');
    expect(figure('DS4.1', { stays: two, mails: [mailed('S1')] }, { definition })).toMatchObject({
      numerator: 1,
      mails: { counts: 'relayed' },
    });
  });

  test('a reading counts another fact beside', () => {
    const mails = [mail('S1'), mailed('S2')];
    const across = figure('DS4.1', { stays: two, mails }, { acrossVariants: true }).acrossVariants!;
    const numeratorOf = (id: string) => across.find(({ reading }) => reading === id)!.numerator;
    expect(['mail-accepted', 'without-deaths-and-newborns', 'mail-delivered'].map(numeratorOf)).toEqual([
      2, 1, 0,
    ]);
  });
});

test('a bounce is believed until the mailbox answers, at the instant that is asked about', () => {
  const receipts = ['relayed', 'bounce', 'mdn'] as const;
  const mails = [
    told(mail('S1'), ...receipts.map((says, at) => receipt(says, `2022-06-2${at}T08:00:00.000Z`))),
  ];
  const asOf = (day: number) => atEach(mails, { asOf: `2022-06-2${day}T12:00:00Z` });
  expect([asOf(0), asOf(1), asOf(2)]).toEqual([
    [1, 1, 0],
    [0, 0, 0],
    [1, 1, 1],
  ]);
});

describe('who a mail went to', () => {
  const facts: Facts = {
    stays: two,
    mails: [
      mailed('S1', { class: 'organization' }),
      mailed('S2', { class: 'patient', recipient: 'patient' }),
      mailed('S2', { class: null }),
    ],
  };

  test('correspondents and organizations are of DS4.1, the patient of DS4.2, the unknown of neither', () => {
    expect([fraction('DS4.1', facts), fraction('DS4.2', facts)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const opened = report(facts);
    expect(opened.open('DS4.1').counted.map(({ key }) => key)).toEqual(['0B0000012/S1']);
    expect(opened.open('DS4.2').counted.map(({ key }) => key)).toEqual(['0B0000012/S2']);
  });

  test('neither is a deposit in the DMP, nor a deposit a mail', () => {
    expect(fraction('DS1.1', facts)).toEqual([0, 2]);
    expect(fraction('DS4.1', { stays: two, documents: [letter('S1')], mails: [] })).toEqual([0, 2]);
  });

  test('one document to two recipients is one stay and two sendings', () => {
    const first = mailed('S1');
    const mails = [first, { ...told(first, receipt('failed')), recipient: 'other', delivery: 'other' }];
    expect(mailsOf(mails)).toMatchObject({
      units: { accepted: 1, relayed: 1, delivered: 0 },
      sendings: { accepted: 1, relayed: 1, delivered: 0 },
      bounced: 1,
    });
    expect(mailsOf([first, { ...mails[1]!, ...told(mails[1]!, receipt('delivered')) }]).sendings).toEqual({
      accepted: 2,
      relayed: 2,
      delivered: 1,
    });
  });

  test('a mail under the identity of another environment, or under none, does not count', () => {
    const mails = [mailed('S1', { identityRoot: NIR_TEST }), mailed('S2', { identityRoot: null })];
    expect(fraction('DS4.1', { stays: two, mails })).toEqual([0, 2]);
    expect(fraction('DS4.1', { stays: two, mails }, { environment: 'test' })).toEqual([1, 2]);
    expect(fraction('DS4.1', { stays: two, mails }, { settings: { mailsWithoutIns: true } })).toEqual([1, 2]);
  });
});

describe('a mail repeated, replaced or deleted', () => {
  test('sent again after a failure counts once', () => {
    const failed = told(mail('S1'), receipt('failed'));
    const again = { ...mailed('S1'), uniqueId: failed.uniqueId, chain: failed.chain };
    expect(atEach([failed, again])).toEqual([1, 1, 0]);
    expect(mailsOf([failed, again])).toMatchObject({ sendings: { accepted: 1, relayed: 1 }, bounced: 0 });
    expect(reasons([failed, again]).toSorted()).toEqual(['bounced', 'counts']);
  });

  test('replaced it counts once, in the stay of the version that came as far', () => {
    const first = mailed('S1');
    const pending = replacing(first, { stay: reference('S2') });
    const keys = (mails: MailedDocument[]) =>
      report({ stays: two, mails })
        .open('DS4.1')
        .counted.map(({ key }) => key);
    expect(keys([first, pending])).toEqual(['0B0000012/S1']);
    expect(keys([first, told(pending, next('failed'))])).toEqual(['0B0000012/S1']);
    expect(keys([first, told(pending, next('relayed'))])).toEqual(['0B0000012/S2']);
    expect(mailsOf([first, told(pending, next('relayed'))]).sendings.relayed).toBe(1);
    const inBox = told(mail('S1'), receipt('delivered'));
    expect(atEach([inBox, told(replacing(inBox), next('relayed'))])).toEqual([1, 1, 1]);
  });

  test('replaced after the observation instant it stays in the official figure', () => {
    const first = mailed('S1');
    const second = told(replacing(first, { stay: null }), receipt('relayed', LATE));
    const facts = { stays: two, mails: [first, second] };
    expect(fraction('DS4.1', facts)).toEqual([1, 2]);
    expect(fraction('DS4.1', facts, { variant: 'live' })).toEqual([0, 2]);
    expect(fraction('DS4.1', facts, { settings: { replacementDate: 'last' } })).toEqual([0, 2]);
  });

  test('deleted it leaves once the deletion is confirmed, whichever fact counts', () => {
    const first = told(mail('S1'), receipt('delivered'));
    expect(atEach([first, deleting(first)])).toEqual([1, 1, 1]);
    expect(atEach([first, told(deleting(first), next('failed'))])).toEqual([1, 1, 1]);
    expect(atEach([first, told(deleting(first), next('relayed'))])).toEqual([0, 0, 0]);
    expect(atEach([first, told(deleting(first), next('relayed'), next('failed'))])).toEqual([1, 1, 1]);
    const deleted = [first, told(deleting(first), next('relayed'))];
    expect(atEach(deleted, { settings: { deletedCounts: true } })).toEqual([1, 1, 1]);
    expect(reasons(deleted)).toEqual(['deleted']);
  });

  test('deleted for one recipient it stands for the other', () => {
    const first = mailed('S1');
    const other = { ...first, recipient: 'other', delivery: 'other' };
    const mails = [first, other, told(deleting(first), next('relayed'))];
    expect(mailsOf(mails)).toMatchObject({ units: { relayed: 1 }, sendings: { relayed: 1 } });
  });
});

describe('a figure of mails', () => {
  test('is not computable without knowledge of mails, without stays, or at a window that does not measure it', () => {
    expect(figure('DS4.1', { stays: two })).toMatchObject({
      ...{ notComputableBecause: 'facts-missing', missingFacts: ['mails'] },
    });
    const unknown = figure('DS4.2', { mails: [mailed('S1', { class: 'patient' })] });
    expect(unknown).toMatchObject({ numerator: null, notComputableBecause: 'denominator-unknown' });
    expect('mails' in unknown).toBe(false);
    expect(
      figure('DS4.1', { stays: two, mails: [] }, { window: 'F1', definition: sunEs }).notComputableBecause,
    ).toBe('not-measured-in-window');
    expect(fraction('DS4.1', { stays: two, mails: [] })).toEqual([0, 2]);
  });

  test('says why each mail does not count', () => {
    const expired = { outcome: 'unconfirmed', finishedAt: '2022-06-20T13:00:00.000Z' } as const;
    expect(reasons([mail('S1')])).toEqual(['receipt-awaited']);
    expect(reasons([mail('S1', expired)])).toEqual(['unconfirmed']);
    expect(reasons([mail('S1', expired)], { asOf: '2022-06-19T00:00:00Z' })).toEqual(['receipt-awaited']);
    const late = [told(mail('S1'), receipt('relayed', LATE))];
    expect(reasons(late)).toEqual(['late']);
    expect(reasons(late, { variant: 'live', asOf: '2022-07-01T00:00:00Z' })).toEqual(['receipt-awaited']);
    expect(reasons(late, { asOf: '2022-06-15T12:59:59Z' })).toEqual([]);
    expect(reasons([mailed('S1')], counting('delivered'))).toEqual(['relayed-only']);
  });

  test('opens into deliveries and receipts, and nothing that is not known yet', () => {
    const receipts: MailReceipt[] = [receipt('relayed'), receipt('mdn', '2022-06-18T08:00:00.000Z')];
    const one = told(mail('S1'), ...receipts);
    const opened = (asOf: string) =>
      report({ stays: two, mails: [one] }, { asOf }).open('DS4.1').counted[0]!.documents[0]!;
    expect(opened('2022-06-17T00:00:00Z')).toMatchObject({
      ...{ delivery: one.delivery, submission: one.submission, link: 'number', counts: true },
      deliveredAt: '2022-06-15T13:10:00.000Z',
      mail: {
        class: 'professional',
        acceptedAt: '2022-06-15T13:00:00.000Z',
        relayedAt: '2022-06-15T13:10:00.000Z',
        ...{
          deliveredAt: null,
          failedAt: null,
          bouncedAt: null,
          outcome: 'delivered',
          receipts: [receipts[0]],
        },
      },
    });
    expect(opened('2022-06-19T00:00:00Z').mail).toMatchObject({
      deliveredAt: '2022-06-18T08:00:00.000Z',
      receipts,
    });
    expect(JSON.stringify(opened('2022-06-19T00:00:00Z'))).not.toContain(one.recipient);
  });

  test('lists mails of an unknown stay, which lower its coverage and no other', () => {
    const unlinked = mail('S9');
    const facts = { stays: two, documents: [letter('S1')], mails: [mailed('S1'), unlinked] };
    expect(figure('DS4.1', facts).coverage).toMatchObject({ linked: 1, unlinked: 1, total: 2, low: true });
    expect(figure('DS1.1', facts).coverage).toMatchObject({ linked: 1, unlinked: 0, total: 1 });
    expect(figure('DS4.2', facts).coverage!.total).toBe(0);
    expect(report(facts).open('DS4.1').unlinked).toMatchObject([
      { delivery: unlinked.delivery, link: 'unknown-stay', deliveredAt: null },
    ]);
  });

  test('counts a mail of an inferred stay apart', () => {
    const days = { admittedAt: '2022-06-10T10:00:00Z', dischargedAt: '2022-06-15T10:00:00Z' };
    const mails = [mailed('S1', { stay: reference(null, days), person: 'p' })];
    const facts = { stays: two, mails, people: [{ person: 'p', patient: 'patient of S1' }] };
    expect(figure('DS4.1', facts)).toMatchObject({
      numerator: 0,
      inferred: 1,
      mails: { units: { accepted: 0 } },
    });
  });

  test('an instant that cannot be read is an error, never a silent zero', () => {
    expect(() => mailsOf([mail('S1', { acceptedAt: 'yesterday' })])).toThrow(/acceptedAt/);
    expect(() => mailsOf([told(mail('S1'), receipt('relayed', 'yesterday'))])).toThrow(/receipts|finishedAt/);
  });
});

const anyInstant = fc
  .integer({ min: 0, max: 40 })
  .map((day) => new Date(Date.UTC(2022, 5, 1 + day, 13, 30)).toISOString());

const anyReceipt = fc
  .tuple(
    fc.constantFrom('relayed', 'expanded', 'delivered', 'delayed', 'failed', 'mdn', 'ko', 'bounce' as const),
    anyInstant,
  )
  .map(([says, at]) => receipt(says, at));

/** Few stays, recipients and documents, so that repetitions, replacements and deletions meet. */
const anyMail = fc
  .record({
    version: fc.integer({ min: 1, max: 8 }),
    target: fc.integer({ min: 1, max: 8 }),
    operation: fc.constantFrom('deposit' as const, 'deposit' as const, 'replace' as const, 'delete' as const),
    recipient: fc.constantFrom('doctor', 'other'),
    stayNo: fc.constantFrom('S1', 'S2', 'S3', 'S9'),
    acceptedAt: fc.option(anyInstant),
    receipts: fc.array(anyReceipt, { maxLength: 4 }),
  })
  .map(({ version, target, stayNo, receipts, ...over }) =>
    told(
      mail(stayNo, {
        ...over,
        uniqueId: `2.25.${version}`,
        target: over.operation === 'deposit' ? null : `2.25.${target}`,
        chain: `chain ${over.operation === 'deposit' ? version : target}`,
      }),
      ...receipts,
    ),
  );

const anyMails = fc.array(anyMail, { maxLength: 14 });
const three = stays(3);
const views: Over[] = [
  {},
  { variant: 'live' },
  { settings: { replacementDate: 'last' } },
  { asOf: '2022-06-20T00:00:00Z' },
];
const anyView = fc.constantFrom(...views);

const everything = (facts: Facts | PreparedFacts, over: Over) => {
  const made = report(facts, over);
  return [made.indicators.slice(6, 8), made.open('DS4.1'), made.open('DS4.2')];
};

/** Coverage alone is of mails as they were sent, the same one twice included. */
function countedIn({ coverage: _, ...figure }: IndicatorResult): Omit<IndicatorResult, 'coverage'> {
  return figure;
}

describe('for any mails', () => {
  test('the order of mails and of their receipts does not matter', () => {
    fc.assert(
      fc.property(anyMails, anyView, (mails, view) => {
        const turned = mails.toReversed();
        expect(everything({ stays: three, mails: turned }, view)).toEqual(
          everything({ stays: three, mails }, view),
        );
        const receipts = mails.map((one) => ({ ...one, receipts: one.receipts.toReversed() }));
        expect(report({ stays: three, mails: receipts }, view).indicators).toEqual(
          report({ stays: three, mails }, view).indicators,
        );
      }),
    );
  });

  test('a receipt, or a mail, that comes again changes no figure', () => {
    const at = '2022-09-01T00:00:00.000Z';
    fc.assert(
      fc.property(anyMails, anyView, (mails, view) => {
        const twice = mails.map((one) => ({
          ...one,
          receipts: [...one.receipts, ...one.receipts.map((known) => ({ ...known, id: 'again', at }))],
        }));
        const again = mails.map((one) => ({ ...one, delivery: `${one.delivery} again` }));
        const figures = report({ stays: three, mails }, view).indicators.map(countedIn);
        expect(report({ stays: three, mails: twice }, view).indicators.map(countedIn)).toEqual(figures);
        expect(report({ stays: three, mails: [...mails, ...again] }, view).indicators.map(countedIn)).toEqual(
          figures,
        );
      }),
    );
  });

  test('what counts further counts nearer too, and the numerator is the fact that the definition names', () => {
    fc.assert(
      fc.property(anyMails, anyView, fc.constantFrom(...REACHES), (mails, view, counts) => {
        const { numerator, mails: facts } = figure(
          'DS4.1',
          { stays: three, mails },
          { ...view, ...counting(counts) },
        );
        for (const { accepted, relayed, delivered } of [facts!.units, facts!.sendings]) {
          expect(accepted).toBeGreaterThanOrEqual(relayed);
          expect(relayed).toBeGreaterThanOrEqual(delivered);
        }
        expect(facts!.units[counts]).toBe(numerator);
      }),
    );
  });

  test('no mail that failed or was never confirmed is ever relayed or delivered', () => {
    fc.assert(
      fc.property(anyMails, anyView, (mails, view) => {
        const { counted } = report({ stays: three, mails }, view).open('DS4.1');
        for (const { documents } of counted)
          for (const { counts, mail: way } of documents)
            if (counts) expect(way).toMatchObject({ outcome: 'delivered', relayedAt: expect.any(String) });
      }),
    );
  });

  test('figures from prepared facts are those computed from nothing, for every view', () => {
    fc.assert(
      fc.property(anyMails, (mails) => {
        const facts = { stays: three, exams: [], documents: [], mails };
        const prepared = new PreparedFacts(facts, 'production', 'Europe/Paris');
        for (const view of views) expect(everything(prepared, view)).toEqual(everything(facts, view));
      }),
    );
  });

  test('a figure opens into as many stays as it counts', () => {
    fc.assert(
      fc.property(anyMails, anyView, fc.constantFrom(...REACHES), (mails, view, counts) => {
        const made = report({ stays: three, mails }, { ...view, ...counting(counts) });
        const { counted, lacking } = made.open('DS4.1');
        const { numerator, denominator } = made.indicators[6]!;
        expect([counted.length, counted.length + lacking.length]).toEqual([numerator, denominator]);
        expect(counted.every(({ documents }) => documents.some((one) => one.counts))).toBe(true);
        expect(lacking.some(({ documents }) => documents.some((one) => one.counts))).toBe(false);
      }),
    );
  });
});
