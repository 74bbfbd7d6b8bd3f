import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import { isOid } from '../../src/words/ids.ts';
import { SubmissionRequestSchema } from '../../src/words/request.ts';
import { XmlError } from '../../src/xml/errors.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { attribute, child, children, descend, descendants, isElement, textOf } from '../../src/xml/select.ts';
import type { XmlElement } from '../../src/xml/tree.ts';
import { bytesOf, documents, list, rowsOf, type Sample } from './files.ts';
import { type Identity, insKey, PATIENTS, TEST_ROOT } from './patients.ts';

const BROKEN = 'documents/not-well-formed.xml';
const wellFormed = documents.filter((file) => file !== BROKEN);
const roots = new Map(wellFormed.map((file) => [file, parseXml(bytesOf(file)).root]));
const rootOf = (file: string): XmlElement => roots.get(file)!;
const sampleOf = (file: string): Sample => list.samples.find((sample) => sample.file === file)!;
const rootAttribute = (file: string, local: string) => attribute(child(rootOf(file), local), 'root');

/** `extension`, or `root` of an identifier that has none: how a stay or an exam is named in the files of stays. */
const idsIn = (parents: readonly (XmlElement | null)[]): (string | null)[] =>
  parents
    .flatMap((parent) => children(parent, 'id'))
    .map((id) => attribute(id, 'extension') ?? attribute(id, 'root'));

function identityOf(file: string): Identity {
  const role = descend(rootOf(file), 'recordTarget', 'patientRole');
  const patient = child(role, 'patient');
  const names = [...children(child(patient, 'name'), 'family'), ...children(child(patient, 'name'), 'given')];
  const name = (local: string, qualifier: string | null) =>
    textOf(names.find((one) => isElement(one, local) && attribute(one, 'qualifier') === qualifier) ?? null);
  const ins = children(role, 'id').find((id) => attribute(id, 'root') === TEST_ROOT) ?? null;
  return {
    matricule: attribute(ins, 'extension'),
    family: name('family', 'BR'),
    given: name('given', null),
    first: name('given', 'BR'),
    sex: attribute(child(patient, 'administrativeGenderCode'), 'code'),
    birth: attribute(child(patient, 'birthTime'), 'value'),
    place: textOf(descend(patient, 'birthplace', 'place', 'addr', 'county')) || null,
  };
}

describe('the list', () => {
  test('names every document once, and every document is there', () => {
    expect(list.samples.map(({ file }) => file).toSorted()).toEqual(documents.toSorted());
  });

  test('describes the establishment of the sandbox', () => {
    const { consentNotCollected: _policy, closedDmpHours: _hours, ...described } = SANDBOX_ESTABLISHMENT;
    expect(list.establishment).toEqual(described);
  });

  test.each(list.samples)('gives $file a request that every door takes', ({ request }) => {
    expect([...Value.Errors(SubmissionRequestSchema, request)]).toEqual([]);
  });

  test.each(list.samples.filter(({ after }) => after))('sends $file after the one it follows', (sample) => {
    const position = (file: string) => list.samples.findIndex((one) => one.file === file);
    expect(position(sample.after!)).toBeGreaterThanOrEqual(0);
    expect(position(sample.after!)).toBeLessThan(position(sample.file));
  });

  test.each(list.samples)(
    'expects of $file an outcome that can be',
    ({ expected: { door, findings, delivery } }) => {
      expect(delivery === null).toBe(door === 'refused');
      expect(findings.some(({ severity }) => severity === 'error')).toBe(door === 'refused');
    },
  );
});

describe('identities', () => {
  test.each(wellFormed)('%s is of the public test identity it should be of', (file) => {
    expect(identityOf(file)).toEqual(PATIENTS[file]);
  });

  test.each(wellFormed)('the key of %s is right where it should be', (file) => {
    const { matricule } = identityOf(file);
    if (matricule === null) return expect(file).toBe('documents/no-ins.xml');
    const right = insKey(matricule.slice(0, 13)) === matricule.slice(13);
    expect(right).toBe(file !== 'documents/wrong-key.xml');
  });

  test('only a request without an INS comes without a qualified identity', () => {
    const unqualified = list.samples.filter(({ request }) => request.identity.status !== 'QUAL');
    expect(unqualified.map(({ file }) => file)).toEqual(['documents/no-ins.xml']);
  });
});

describe('identifiers', () => {
  test('of documents are OIDs without extension, each its own', () => {
    const ids = wellFormed.map((file) => child(rootOf(file), 'id'));
    const oids = ids.map((id) => attribute(id, 'root')!);
    expect(oids.filter((oid) => !isOid(oid))).toEqual([]);
    expect(ids.filter((id) => attribute(id, 'extension') !== null)).toEqual([]);
    expect(new Set(oids).size).toBe(oids.length);
  });

  test('of series are each their own, but for the two versions of the letter', () => {
    const series = wellFormed
      .filter((file) => file !== 'documents/discharge-letter-v2.xml')
      .map((file) => rootAttribute(file, 'setId'));
    expect(new Set(series).size).toBe(series.length);
    expect(rootAttribute('documents/discharge-letter-v2.xml', 'setId')).toBe(
      rootAttribute('documents/discharge-letter.xml', 'setId'),
    );
  });

  test('of the replacement name the letter it replaces', () => {
    const second = rootOf('documents/discharge-letter-v2.xml');
    const related = children(second, 'relatedDocument');
    expect(related.map((one) => attribute(one, 'typeCode'))).toEqual(['RPLC']);
    expect(attribute(descend(related[0]!, 'parentDocument', 'id'), 'root')).toBe(
      rootAttribute('documents/discharge-letter.xml', 'id'),
    );
    expect(attribute(child(second, 'versionNumber'), 'value')).toBe('2');
    expect(sampleOf('documents/discharge-letter-v2.xml').request.operation).toBe('replace');
  });

  test('no other document names a parent', () => {
    const related = wellFormed.filter((file) => child(rootOf(file), 'relatedDocument'));
    expect(related).toEqual(['documents/discharge-letter-v2.xml']);
  });
});

describe('headers agree with the requests', () => {
  test.each(wellFormed)('%s is of the stay of its request', (file) => {
    const { stay } = sampleOf(file).request;
    expect(idsIn([descend(rootOf(file), 'componentOf', 'encompassingEncounter')])).toEqual([stay!.number]);
  });

  test.each(wellFormed)('%s comes from the structure that sends it', (file) => {
    const institution = descend(rootOf(file), 'author', 'assignedAuthor', 'representedOrganization', 'id');
    const { stay, requester } = sampleOf(file).request;
    expect(attribute(institution, 'extension')).toBe(`1${stay!.finessEg}`);
    expect(requester!.structure!.id).toBe(`1${stay!.finessEg}`);
  });

  test.each(wellFormed.filter((file) => sampleOf(file).request.exam))('%s reports its exam', (file) => {
    const { exam } = sampleOf(file).request;
    const events = children(rootOf(file), 'documentationOf').map((act) => child(act, 'serviceEvent'));
    const orders = children(rootOf(file), 'inFulfillmentOf').map((demand) => child(demand, 'order'));
    expect(idsIn([...events, ...orders])).toContain(exam!.id);
    if (exam!.studyUid) expect(idsIn(events)).toContain(exam!.studyUid);
    expect(rowsOf('exams.csv').map((row) => row.exam_id)).toContain(exam!.id);
  });
});

const level = (file: string): number => {
  const body = child(rootOf(file), 'component');
  if (child(body, 'nonXMLBody')) return 1;
  return [...descendants(body!)].some((one) => isElement(one, 'entry')) ? 3 : 2;
};

const pdfOf = (file: string): Buffer => {
  const files = [...descendants(rootOf(file))].filter((one) => attribute(one, 'representation') === 'B64');
  expect(files).toHaveLength(1);
  return Buffer.from(textOf(files[0]!), 'base64');
};

describe('contents', () => {
  test.each(wellFormed)('every reference in %s leads to a piece of its text', (file) => {
    const elements = [...descendants(rootOf(file))];
    const ids = elements.map((one) => attribute(one, 'ID')).filter((id) => id !== null);
    const targets = elements
      .filter((one) => isElement(one, 'reference'))
      .map((one) => attribute(one, 'value')!)
      .filter((value) => value.startsWith('#'))
      .map((value) => value.slice(1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  test('one document is of level 1, the others of level 3', () => {
    expect(wellFormed.filter((file) => level(file) !== 3)).toEqual(['documents/biology-level1.xml']);
    expect(level('documents/biology-level1.xml')).toBe(1);
  });

  test('both biology reports carry the same file, which says that it is PDF/A-1', () => {
    const pdf = pdfOf('documents/biology-level1.xml');
    expect(pdfOf('documents/biology-level3.xml').equals(pdf)).toBe(true);
    expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.4');
    expect(pdf.toString('latin1')).toMatch(/<pdfaid:part>1<\/pdfaid:part>/);
    expect(pdf.subarray(-6).toString()).toBe('%%EOF\n');
  });

  test('the biology report has the size that the load tests speak of', () => {
    const { length } = bytesOf('documents/biology-level3.xml');
    expect(length).toBeGreaterThanOrEqual(120_000);
    expect(length).toBeLessThanOrEqual(140_000);
  });

  test('the broken one is broken where the list says, and nowhere before', () => {
    const [expected] = sampleOf(BROKEN).expected.findings;
    const refusal = (() => {
      try {
        return parseXml(bytesOf(BROKEN)) && null;
      } catch (error) {
        return error instanceof XmlError ? error : null;
      }
    })();
    expect(refusal).toMatchObject({ line: expected!.line, column: expected!.column });
    expect(refusal!.code.startsWith(expected!.codePrefix)).toBe(true);
  });

  test('the broken one has no other mistake', () => {
    const mended = bytesOf(BROKEN).toString('utf8').replace('</titre>', '</title>');
    expect(parseXml(Buffer.from(mended)).root.name.local).toBe('ClinicalDocument');
  });
});
