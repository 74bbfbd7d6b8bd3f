import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readFacts } from '../../src/cda/facts.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from '../cda/examples.ts';
import { archiveOf, sample } from '../xds/xdm/archives.ts';
import { archivedDepositOf, type Given, signedDepositOf } from './deposits.ts';
import { judgedByIpf, type Verdict, withoutIpf } from './judge.ts';

if (withoutIpf) console.log(`skipped: judgement by Open eHealth IPF (${withoutIpf})`);

const samples = join(import.meta.dirname, '..', '..', 'samples', 'documents');
const golden = join(import.meta.dirname, '..', 'delivery', 'dmp', 'golden');
const [DEPOSIT, DELETION] = ['td2-1a-deposit.mime', 'td3-3c-deletion.soap'] as const;
const FILES = [DEPOSIT, 'td2-1b-replacement.mime', 'td3-1b-search.soap', DELETION];

interface Form {
  /** Where the form stands, a deposit unless said otherwise. */
  file?: string;
  pattern: RegExp;
  international: string;
  refusal: string;
}

const CX = 'Only the ID number and the assigning authority can be defined for a CX value';

/**
 * Where the French profile writes more than IHE's tables admit, and what IPF, which knows IHE alone, says of it. Everything
 * else of a request has to please IPF.
 */
const NATIONAL_FORMS: Record<string, Form> = {
  'the type of a structure identifier (XON-7 IDNST)': {
    pattern: /\^IDNST\^/g,
    international: '^^',
    refusal: 'An organization should not specify data other than its ID and name',
  },
  'a specialty as code, label and OID': {
    pattern: /("authorSpecialty"><rim:ValueList><rim:Value>[^<^]*)\^[^<^]*\^([\d.]+)(?=<)/g,
    international: '$1^^^&amp;$2&amp;ISO',
    refusal: CX,
  },
  'the type of the patient identifier (CX-5 NH)': {
    pattern: /(value="[^"]*)\^NH(?=")/g,
    international: '$1',
    refusal: CX,
  },
  'the type of the source patient identifier (CX-5 PI or NH)': {
    pattern: /("sourcePatientId"><rim:ValueList><rim:Value>[^<]*)\^(PI|NH)(?=<)/g,
    international: '$1',
    refusal: CX,
  },
  'the status of what is deleted': {
    file: DELETION,
    pattern: /urn:asip:ci-sis:2010:StatusType:Deleted/g,
    international: 'urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated',
    refusal: 'UpdateAvailabilityStatus Association must specify an new document status',
  },
};

/** A request without the national forms, but for the one named. */
function international(message: string, kept?: string): string {
  return Object.entries(NATIONAL_FORMS)
    .filter(([name]) => name !== kept)
    .reduce((text, [, { pattern, international: form }]) => text.replace(pattern, form), message);
}

const goldenMessage = (file: string) => readFileSync(join(golden, file), 'latin1');

function given(bytes: Buffer): Given {
  return { bytes, facts: readFacts(parseXml(bytes), bytes).facts! };
}

/** Their deposits, signed. */
async function examples(): Promise<Record<string, string>> {
  const deposits = EXAMPLES.map(async ({ file }) => [
    file,
    international(await signedDepositOf(given(readExample(file)), 'sha1')),
  ]);
  return Object.fromEntries(await Promise.all(deposits));
}

/** Their archives, each judged as the deposit that a reader could make of it. */
async function archivedExamples(): Promise<Record<string, string>> {
  const deposits = EXAMPLES.map(async ({ file }) => [
    `archive of ${file}`,
    international(
      await archivedDepositOf(archiveOf([{ ...given(readExample(file)), bytes: readExample(file) }])),
    ),
  ]);
  return Object.fromEntries(await Promise.all(deposits));
}

const ARCHIVED = 'an archive of two documents, of which one replaces another, for two recipients';

async function archived(): Promise<Record<string, string>> {
  const documents = ['discharge-letter-v2.xml', 'discharge-prescription.xml'].map(sample);
  const recipients = ['medecin@cabinet.mssante.fr', 'service@hopital.mssante.fr'];
  const input = archiveOf(documents, 'replace', { recipients });
  return { [ARCHIVED]: international(await archivedDepositOf(input)) };
}

const SAMPLE = 'operative-report.xml';
const ENTRY = 'urn:uuid:0b3c0c1e-5f0a-4d57-8a4e-6f2c8a1d9e44';

const SIGNED = [
  'a deposit signed with SHA-1',
  'a deposit signed with SHA-256',
  'a signed replacement',
] as const;

/** Requests as the DMP gets them, with VIHF and signature of the lot. */
async function signedRequests(): Promise<Record<(typeof SIGNED)[number], string>> {
  const document = given(readFileSync(join(samples, SAMPLE)));
  const old = { root: '1.2.250.1.999.1.1.8121.2.0', extension: null };
  const related = [{ typeCode: 'RPLC', ids: [old], setId: null }];
  const newer = { ...document, facts: { ...document.facts, related } };
  const replaces = { [old.root]: ENTRY };
  return {
    'a deposit signed with SHA-1': international(await signedDepositOf(document, 'sha1')),
    'a deposit signed with SHA-256': international(await signedDepositOf(document, 'sha256')),
    'a signed replacement': international(await signedDepositOf(newer, 'sha1', { replaces })),
  };
}

/** A part of a request that is taken away or changed, and what IPF says of what is left. */
const SPOILT: [what: string, from: RegExp, to: string, said: string][] = [
  [
    'a document without its type',
    /<rim:Classification[^>]*f0306f51.*?<\/rim:Classification>/,
    '',
    'Unexpected amount of classifications of scheme urn:uuid:f0306f51-975f-434e-a61c-c59651d33983',
  ],
  [
    'a document without its class',
    /<rim:Classification[^>]*41a5887f.*?<\/rim:Classification>/,
    '',
    'Unexpected amount of classifications of scheme urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a',
  ],
  ['a time that is none', /20260301103000/, '20261301103000', 'Invalid time format: 20261301103000'],
  [
    'a document that no part holds',
    /<xdsb:Document .*?<\/xdsb:Document>/,
    '',
    'A document entry was provided without a corresponding document',
  ],
  [
    'a lot without its identifier',
    /<rim:ExternalIdentifier[^>]*96fdda7c.*?<\/rim:ExternalIdentifier>/,
    '',
    'submission sets are required to define a unique ID',
  ],
  ['an unknown association', /:HasMember/, ':HasPart', 'Unsupported association type'],
];

let verdicts: Record<string, Verdict>;

beforeAll(async () => {
  if (withoutIpf) return;
  const deposit = international(goldenMessage(DEPOSIT));
  const signed = await signedRequests();
  verdicts = judgedByIpf({
    ...Object.fromEntries(FILES.map((file) => [file, international(goldenMessage(file))])),
    ...Object.fromEntries(
      Object.entries(NATIONAL_FORMS).map(([form, { file = DEPOSIT }]) => [
        form,
        international(goldenMessage(file), form),
      ]),
    ),
    ...Object.fromEntries(SPOILT.map(([what, from, to]) => [what, deposit.replace(from, to)])),
    ...signed,
    ...(await archived()),
    ...(absent ? {} : { ...(await examples()), ...(await archivedExamples()) }),
  });
}, 400_000);

describe.skipIf(withoutIpf)('Open eHealth IPF', () => {
  test.each(FILES)('takes %s', (file) => {
    expect(verdicts[file]).toMatchObject({ valid: true });
  });

  test('reads in a deposit what was meant, and the bytes that the hash promises', () => {
    const [document] = verdicts[DEPOSIT]!.said;
    const [uniqueId, type, classCode, format, patient, institution, hash, sha1] = document!.split('|');
    expect([uniqueId, type, classCode, format, patient, institution]).toEqual([
      ...['1.2.250.1.999.1.1.8121.2.1', '11490-0', '10', 'urn:asip:ci-sis:ldl-ses:2017'],
      ...['279035121518989', '1010000017'],
    ]);
    expect(hash).toBe(sha1);
  });

  test.each(SIGNED)('takes %s, under a VIHF, and reads its signature as one more document', (what) => {
    const { valid, said } = verdicts[what]!;
    expect([valid, said.length]).toEqual([true, 2]);
    const [, type, classCode, format, , , hash, sha1] = said[1]!.split('|');
    expect([type, classCode, format]).toEqual([
      ...['E1762', 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1', 'http://www.w3.org/2000/09/xmldsig#'],
    ]);
    expect(hash).toBe(sha1);
  });

  test.each(Object.entries(NATIONAL_FORMS))('refuses %s, which is French', (form, { refusal }) => {
    const { valid, said } = verdicts[form]!;
    expect([valid, said[0]]).toEqual([false, expect.stringContaining(refusal)]);
  });

  test.each(SPOILT)('refuses %s', (what, _from, _to, said) => {
    expect(verdicts[what]).toMatchObject({ valid: false, said: [expect.stringContaining(said)] });
  });

  test(`takes ${ARCHIVED}`, () => {
    const { valid, said } = verdicts[ARCHIVED]!;
    expect([valid, said.length]).toEqual([true, 2]);
    for (const document of said) {
      const [, , , , patient, , hash, sha1] = document.split('|');
      expect([patient, hash]).toEqual(['236066322083656', sha1]);
    }
  });

  test.skipIf(absent)(`takes the content of an archive of every official example${absent}`, () => {
    const refused = EXAMPLES.filter(({ file }) => !verdicts[`archive of ${file}`]!.valid);
    expect(refused.map(({ file }) => [file, verdicts[`archive of ${file}`]])).toEqual([]);
    for (const { file, uniqueId } of EXAMPLES) {
      const fields = verdicts[`archive of ${file}`]!.said[0]!.split('|');
      const sha1 = createHash('sha1').update(readExample(file)).digest('hex');
      expect([fields[0], fields[6], fields[7]]).toEqual([uniqueId, sha1, sha1]);
    }
  });

  test.skipIf(absent)(`takes the signed deposit of every official example${absent}`, () => {
    expect(EXAMPLES.flatMap(({ file }) => (verdicts[file]!.valid ? [] : [[file, verdicts[file]]]))).toEqual(
      [],
    );
  });

  test.skipIf(absent).each(EXAMPLES)(`reads $file as it is${absent}`, ({ file, uniqueId, typeCode }) => {
    const [document] = verdicts[file]!.said;
    const fields = document!.split('|');
    const sha1 = createHash('sha1').update(readExample(file)).digest('hex');
    expect([fields[0], fields[1], fields[6], fields[7]]).toEqual([uniqueId, typeCode, sha1, sha1]);
  });
});
