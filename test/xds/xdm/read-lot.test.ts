import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isViaducError } from '../../../src/words/errors.ts';
import type { Association, Author, Code, DocumentEntry, Lot, Person } from '../../../src/xds/model.ts';
import { INS_ROOTS } from '../../../src/xds/patient.ts';
import { metadataXml } from '../../../src/xds/xdm/archive.ts';
import { entryUuid } from '../../../src/xds/xdm/lot.ts';
import { readLot } from '../../../src/xds/xdm/read-lot.ts';
import { parseXml } from '../../../src/xml/parse.ts';

/** A lot of anything: what is written of it is read again. */

/** What a component holds: one line without blanks at its ends, and every character that HL7 or XML escapes. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...'^&~|\\<>"\'é œ€S\\T'), fc.string({ minLength: 1, maxLength: 1 })),
    maxLength: 12,
  })
  .map((value) => value.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .filter((value) => value !== '');
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const oid = fc.array(fc.nat(99), { minLength: 2, maxLength: 5 }).map((parts) => `1.2.${parts.join('.')}`);
const dtm = fc.constantFrom('2026', '20260301', '20260301104500');
const code: fc.Arbitrary<Code> = fc.record({ code: text, scheme: oid, label: text });

const identified = fc.oneof(
  fc.record({ id: text, authority: oid }),
  fc.constant({ id: null, authority: null }),
);

const person: fc.Arbitrary<Person> = fc
  .record({
    of: identified,
    family: maybe(text),
    given: maybe(text),
    kind: fc.constantFrom(['D', 'IDNPS'], ['D', 'EI'], ['U', 'RI'], ['D', 'NH']),
  })
  .map(({ of, family, given, kind: [nameType, idType] }) => ({
    ...of,
    family,
    given,
    nameType: nameType as Person['nameType'],
    idType: (of.id === null ? (nameType === 'U' ? 'RI' : 'EI') : idType) as Person['idType'],
  }));

const author: fc.Arbitrary<Author> = fc.record({
  person: maybe(person),
  institutions: fc.array(
    fc.record({ name: text, of: identified }).map(({ name, of }) => ({ name, ...of })),
    { maxLength: 2 },
  ),
  roles: fc.array(text, { maxLength: 2 }),
  specialties: fc.array(code, { maxLength: 2 }),
});

const patient = fc.oneof(
  fc.record({ value: text, authority: fc.constantFrom(...INS_ROOTS), type: fc.constant('NH' as const) }),
  fc.record({ value: text, authority: oid, type: fc.constant('PI' as const) }),
);

const info = fc
  .record({
    names: fc.array(fc.record({ family: text, given: text, type: fc.constantFrom('D', 'L', 'S', 'U') }), {
      maxLength: 2,
    }),
    birthDate: maybe(dtm),
    sex: maybe(fc.constantFrom('F', 'M')),
  })
  .map((one) => (one.names.length === 0 && !one.birthDate && !one.sex ? null : one));

const extra = fc.record({
  name: fc.constantFrom('urn:ans:ci-sis:action', 'urn:example:x'),
  values: fc.array(text, { minLength: 1, maxLength: 2 }),
});

const entry = fc.record({
  symbolicId: oid.map(entryUuid),
  uniqueId: oid,
  mimeType: fc.constantFrom('text/xml', 'application/xslt+xml'),
  title: maybe(text),
  comments: maybe(text),
  languageCode: fc.constant('fr-FR'),
  creationTime: maybe(dtm),
  serviceStartTime: maybe(dtm),
  serviceStopTime: maybe(dtm),
  authors: fc.array(author, { maxLength: 2 }),
  legalAuthenticator: maybe(person),
  patientId: maybe(patient),
  sourcePatientId: maybe(patient),
  sourcePatientInfo: info,
  classCode: maybe(code),
  typeCode: maybe(code),
  formatCode: maybe(code),
  confidentialityCodes: fc.array(code, { maxLength: 3 }),
  healthcareFacilityTypeCode: maybe(code),
  practiceSettingCode: maybe(code),
  eventCodes: fc.array(code, { maxLength: 2 }),
  referenceIds: fc.array(
    fc.record({ value: text, authority: maybe(oid), kind: fc.constant('urn:ihe:iti:xds:2013:order') }),
    { maxLength: 2 },
  ),
  hash: maybe(fc.constant('0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33')),
  size: maybe(fc.nat()),
  uri: maybe(fc.constant('DOC00001.XML')),
  extra: fc.array(extra, { maxLength: 1 }),
}) as fc.Arbitrary<DocumentEntry>;

const submissionSet = fc.record({
  symbolicId: oid.map(entryUuid),
  uniqueId: oid,
  sourceId: oid,
  submissionTime: fc.constant('20260301104500'),
  title: maybe(text),
  comments: maybe(text),
  author,
  contentTypeCode: code,
  patientId: maybe(patient),
  intendedRecipients: fc.array(text, { maxLength: 2 }),
  extra: fc.array(extra, { maxLength: 1 }),
});

const association: fc.Arbitrary<Association> = fc.oneof(
  fc.record({
    kind: fc.constant('HasMember' as const),
    source: oid,
    target: oid,
    status: fc.constantFrom('Original' as const, 'Reference' as const),
  }),
  fc.record({ kind: fc.constantFrom('RPLC' as const), source: oid, target: oid }),
);

const lot: fc.Arbitrary<Lot> = fc.record({
  submissionSet,
  entries: fc.array(entry, { maxLength: 3 }),
  associations: fc.array(association, { maxLength: 3 }),
});

test('what is written of a lot is read again, whatever its texts', () => {
  fc.assert(
    fc.property(lot, (given) => {
      const read = readLot(parseXml(metadataXml(given)));
      expect({ ...read, entries: read.entries.map((one) => one.entry) }).toEqual(given);
    }),
    { numRuns: 300 },
  );
});

test('no text in any attribute makes it fail otherwise than by its own errors', () => {
  const [sample] = fc.sample(lot, { numRuns: 1, seed: 7 });
  const whole = metadataXml(sample!).toString();
  const places = [...whole.matchAll(/"[^"]*"|>[^<]+</g)];
  fc.assert(
    fc.property(fc.nat(places.length - 1), text, (which, value) => {
      const { 0: old, index } = places[which]!;
      const safe = value.replace(/[<>"&]/g, '');
      const changed = whole.slice(0, index + 1) + safe + whole.slice(index + old.length - 1);
      try {
        readLot(parseXml(Buffer.from(changed)));
      } catch (error) {
        if (!isViaducError(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
