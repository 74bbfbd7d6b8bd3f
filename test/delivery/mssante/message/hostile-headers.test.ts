import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { compose } from '../../../../src/delivery/mssante/message/compose.ts';
import { pdfNames } from '../../../../src/delivery/mssante/message/pdf-names.ts';
import { LETTER, outgoing } from './outgoing.ts';

/** Texts as a document or a configuration of ill will could hold them. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        '\u2028',
        '\u202e',
        '"',
        '\\',
        'Bcc: x@y.fr',
        ' ',
        '=?',
        '?=',
        ';',
        '../',
        '/',
        'é',
      ),
      {
        maxLength: 30,
      },
    )
    .map((parts) => parts.join('')),
);

const NAMES = [
  ...['From', 'To', 'Subject', 'Message-ID', 'Date', 'Disposition-Notification-To'],
  ...['X-MSS-CODECDA', 'X-MSS-INS', 'X-MSS-NIL', 'MIME-Version', 'Content-Type'],
];

test('no value makes a header, a part or a line of its own', async () => {
  await fc.assert(
    fc.asyncProperty(
      hostile,
      hostile,
      hostile,
      hostile,
      fc.boolean(),
      async (name, label, family, given, accents) => {
        const patient = {
          ...LETTER.patient!,
          name: {
            ...LETTER.patient!.name,
            family: [{ value: family, qualifier: 'BR' }],
            given: [{ value: given, qualifier: 'BR' }],
          },
        };
        const facts = {
          ...LETTER,
          patient,
          code: { ...LETTER.code!, displayName: label, code: `11490-0${label}` },
        };
        const raw = await compose(
          outgoing({
            ...{ accents, readingReceipt: true, nil: name, body: `Bonjour ${label}` },
            mailbox: { address: 'viaduc@ch-essai.mssante.fr', displayName: name },
            documents: [{ facts, pdf: Buffer.from('%PDF') }],
          }),
        );
        const [head] = raw.toString('latin1').split('\r\n\r\n');
        expect(head).not.toMatch(/[^\x20-\x7e\r\n]|\r(?!\n)|(?<!\r)\n/);
        const names = head!
          .split('\r\n')
          .flatMap((line) => /^([^ :]+):/.exec(line)?.[1] ?? (/^ /.test(line) ? [] : [line]));
        expect(NAMES.filter((one) => !names.includes(one)).filter((one) => !/NIL|From/.test(one))).toEqual(
          [],
        );
        expect(names.filter((one) => !NAMES.includes(one))).toEqual([]);
        const { attachments } = await PostalMime.parse(raw);
        expect(attachments.map(({ mimeType }) => mimeType)).toEqual(['application/zip', 'application/pdf']);
      },
    ),
    { numRuns: 150, examples: [['', '\t', '', '', false]] },
  );
}, 60_000);

test('no name of a PDF leads out of its folder, hides its end or is longer than a file system takes', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (labels) => {
      const documents = labels.map((displayName) => ({ ...LETTER, code: { ...LETTER.code!, displayName } }));
      const names = pdfNames(documents);
      for (const name of names) {
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cf}]|^\.|^ /u);
        expect(name.endsWith('.pdf')).toBe(true);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }
      expect(new Set(names.map((one) => one.toLowerCase())).size).toBe(names.length);
    }),
  );
});
