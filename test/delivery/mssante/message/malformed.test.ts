import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mentionedIds, quotedIds, readDsn } from '../../../../src/delivery/mssante/message/dsn.ts';
import { readKo } from '../../../../src/delivery/mssante/message/ko.ts';
import { readMdn } from '../../../../src/delivery/mssante/message/mdn.ts';
import { readMail } from '../../../../src/delivery/mssante/message/read.ts';
import { isViaducError } from '../../../../src/words/errors.ts';
import { documentMail, dsn, mail, mdn, multipart, OPTIONS, PARTNER, TEXT, TO_CABINET } from './incoming.ts';

/** Reads all there is to read; an error of ours is an answer, any other fails the test. */
async function readAll(raw: Buffer): Promise<string> {
  try {
    const { kind, mail: found } = await readMail(raw, OPTIONS);
    readDsn(found);
    readMdn(found);
    readKo(found);
    return `${kind} ${mentionedIds(found).length + quotedIds(found).length}`;
  } catch (error) {
    if (isViaducError(error)) return error.code;
    throw error;
  }
}

const SEEDS = [
  documentMail(),
  dsn([...TO_CABINET, 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 no']),
  mdn(['Disposition: automatic-action/MDN-sent-automatically; processed/error', 'Error: 902^X']),
];
const PIECES = [
  '\r\n',
  '\n',
  '\0',
  '--limite',
  '--',
  '"',
  ';',
  ':',
  '=?utf-8?Q?',
  '?=',
  '<',
  '>',
  '(',
  '\\',
  '; boundary=',
  'é',
  '\xff',
];

test('whatever is cut out of a mail, put in or changed, the answer is a kind or an error of ours', async () => {
  const change = fc.record({
    seed: fc.constantFrom(...SEEDS),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(60),
        put: fc.constantFrom('', ...PIECES),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ seed, edits }) => {
      let text = seed.toString('latin1');
      for (const { at, cut, put } of edits) {
        const from = Math.floor(at * text.length);
        text = text.slice(0, from) + put + text.slice(from + cut);
      }
      expect(await readAll(Buffer.from(text, 'latin1'))).toMatch(/^\w+ \d+$|^mssante\./);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('bytes that are no mail at all are read as one without a sender', async () => {
  for (const raw of [
    Buffer.alloc(0),
    Buffer.from('\n'),
    Buffer.alloc(1000),
    Buffer.from([0xff, 0xfe, 0, 13, 10]),
  ])
    expect(await readAll(raw)).toBe('quarantine 0');
});

/** Mails that cost a careless reader minutes. Bytes, so that the time of one more says little of the machine. */
const LARGE = 2_000_000;
const many = (piece: string, bytes = LARGE) => piece.repeat(Math.floor(bytes / piece.length));
const LIMIT_MS = 4_000;
test.each([
  ['a text of angle brackets', () => mail(PARTNER, many('<'))],
  [
    'a page of open tags beside a text',
    () => multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: text/html\n\n${many('<a ')}`]),
  ],
  [
    'a page of entities beside a text',
    () => multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: text/html\n\n${many('&')}`]),
  ],
  [
    'a page of comments beside a text',
    () => multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: text/html\n\n${many('<!--')}`]),
  ],
  [
    'a page of style beside a text',
    () => multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: text/html\n\n${many('<style>')}`]),
  ],
  [
    'a page of blanks beside a text',
    () => multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: text/html\n\na${many(' ')}b`]),
  ],
  ['blanks in a report', () => dsn([...TO_CABINET, many(' \n'), 'Action: failed'])],
  [
    'one field of a report',
    () => dsn([...TO_CABINET, `Diagnostic-Code: smtp;${many(' ')}x`, 'Action: failed']),
  ],
  ['a disposition without an end', () => mdn([`Disposition: ${many('; a', 200_000)}`])],
  ['a subject of encoded words', () => mail([...PARTNER, `Subject: ${many('=?utf-8?Q?', 200_000)}`])],
  ['an address of brackets', () => mail([`From: ${many('(<"', 200_000)}`])],
  ['an address of commas', () => mail([`From: ${many(',a@b.fr', 200_000)}`])],
  ['a header of folds', () => mail([...PARTNER, `References:${many('\r\n a', 200_000)}`])],
  [
    'parameters of a part',
    () => mail([...PARTNER, `Content-Type: multipart/mixed${many(';a*0*=b', 200_000)}`]),
  ],
  [
    'boundaries within boundaries',
    () =>
      multipart(
        'multipart/mixed',
        PARTNER,
        Array.from(
          { length: 150 },
          (_, at) => `Content-Type: multipart/mixed; boundary=${at}\n\n--${at}\n\na`,
        ),
      ),
  ],
])('%s is read within its time', async (_, make) => {
  const raw = make();
  const before = process.threadCpuUsage();
  await readAll(raw);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(LIMIT_MS);
});
