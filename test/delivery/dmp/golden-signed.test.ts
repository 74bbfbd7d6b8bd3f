import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DmpConnection } from '../../../src/delivery/dmp/connection.ts';
import type { Body } from '../../../src/delivery/dmp/mtom.ts';
import { DmpPort } from '../../../src/delivery/dmp/port.ts';
import { DEFAULT_VIHF_SETTINGS } from '../../../src/delivery/dmp/vihf/vihf.ts';
import type { Job } from '../../../src/delivery/job.ts';
import type { Establishment } from '../../../src/words/establishment.ts';
import { defaultSettings } from '../../../src/xds/settings.ts';
import { DEPOSIT, LETTER } from '../../xds/discharge-letter.ts';
import { demoSeal } from './signed.ts';

/*
 * What the port itself sends, whole: the question whether there is a DMP, the signed deposit that follows, each under its
 * VIHF. What is made anew at every run stands as a numbered name, the same wherever it comes back, so that an identifier
 * that should be that of another part is seen to be it. Read by hand against the specification sheet dmp-xds:
 *
 * 4.1 assertion frame: Version, ID, IssueInstant in UTC, Issuer with its Format, enveloped signature after the Issuer with the
 *   two transforms and exclusive canonicalisation, one certificate; NameID, AuthnInstant, no Conditions.
 * 4.2 attributes: each of the table, in its order, confidentiality-code absent without a secret connection.
 * 4.3 roles: a physician by two values, profession and know-how. 4.4: Identifiant_Structure is an institution of the document.
 * 5.2 and 5.3: Action, MessageID, ReplyTo, To; each `start` and `href` is the Content-ID of its part, each Document/@id an
 *   ExtrinsicObject/@id; the signature is a part like the document.
 * 6.1 TD0.2: every row of the table in order, `/patients`, plain SOAP.
 * 7.1 and 7.4: members Original, the signature signs the lot. 8 and 9: as in golden.test.ts.
 * 13.2 signature as an entry: mimeType, languageCode, title, the five codes with their schemes, N + MASQUE_PS +
 *   INVISIBLE_PATIENT, author and legalAuthenticator of the lot, the three times of the submission, INS as sourcePatientId,
 *   facility and practice setting of the document, own uniqueId.
 * 13.3 XAdES: canonicalisation with comments, the two references with their types, manifest with the lot (`AA==`) and the
 *   document (transform; digest computed apart by `openssl sha1` over the canonical form), purpose, XAdES 1.1.1 properties in
 *   order with leaf and issuing certificate. Namespace of SignatureProperty: that of XMLDSig; samples have none there.
 */

const NOW = Date.UTC(2026, 2, 1, 10, 45, 0);
const DOCUMENT = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?>\r\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Lettre de liaison à relire</title></ClinicalDocument>\n',
);
/** Of the canonical form of the document. */
const DIGEST = 'CaXeDAQ0oJF4TLWyUCWv0zL81jM=';
const INSTALLATION = '1.2.250.1.999.1.1.8121';
const uniqueId = LETTER.id.root;
const facts = {
  ...LETTER,
  sha1: createHash('sha1').update(DOCUMENT).digest('hex'),
  size: DOCUMENT.length,
};

/** Keeps what it is given to send; nobody is there. */
function recorder(sent: Body[]): DmpConnection {
  const failure = { kind: 'failure', code: 'delivery.dmp-unreachable', values: {}, sent: false } as const;
  return {
    urlOf: (service) => `https://dmp.example/si-dmp-server/v2/services/${service}`,
    exchange: async (_service, body) => {
      sent.push(body);
      return { ...failure, status: null, raw: null };
    },
    close: async () => {},
  };
}

function portTo(connection: DmpConnection): DmpPort {
  const establishment = { id: 'demo', sector: 'SA01', zone: 'Europe/Paris' } as Establishment;
  const product = { name: 'Viaduc', version: '0.1.0' };
  return new DmpPort({
    accessOf: () => ({
      ...{ connection, seal: demoSeal(), vihf: DEFAULT_VIHF_SETTINGS, signatureDigest: 'sha1' },
      product: { ...product, homologation: 'NUMERO-HOMOLOGATION' },
    }),
    precheck: { mode: 'before-deposit', processing: 'D' },
    clock: { now: () => NOW, after: () => () => {} },
    installation: { sourceId: INSTALLATION, product },
    settings: defaultSettings(),
    establishments: new Map([['demo', establishment]]),
  });
}

const job = {
  establishment: 'demo',
  view: { body: async () => DOCUMENT },
  delivery: { operation: 'deposit', documents: [uniqueId] },
  submission: { facts: { structure: { id: '1010000017', name: "Hôpital d'essai R&D" } }, target: null },
  documents: [{ uniqueId, body: { id: 'document' } }],
  personal: { request: DEPOSIT, facts: [facts], findings: [[]] },
} as unknown as Job;

/** What is made anew, and its name; a group says that only it is replaced. */
const FRESH: readonly [RegExp, string][] = [
  [/<wsa:MessageID>([^<]+)/g, 'MESSAGE'],
  [/boundary="([^"]+)"/g, 'BOUNDARY'],
  [/ ID="(_[^"]+)"/g, 'ASSERTION'],
  [/extension="([0-9a-f-]{36})"/g, 'EXTENSION'],
  [/"lot-([0-9a-f]{16})"/g, 'TAG'],
  [new RegExp(`(${INSTALLATION.replaceAll('.', '\\.')}\\.${NOW}\\.\\d+)`, 'g'), 'OID'],
  [/<ds:SignatureValue>([^<]+)/g, 'SIGNATURE'],
  [/<ds:X509Certificate>([^<]+)/g, 'CERTIFICATE'],
  [/<ds:X509SerialNumber>([^<]+)/g, 'SERIAL'],
  [/:DigestValue>((?!AA==)[A-Za-z0-9+/=]{20,})</g, 'DIGEST'],
];

/** The text with each fresh value under a name, numbered as they come. */
function named(text: string, signature: Uint8Array | null): string {
  const values = FRESH.flatMap(([pattern, name]) =>
    [...new Set([...text.matchAll(pattern)].map((found) => found[1]!))]
      .filter((value) => value !== DIGEST)
      .map((value, index): [string, string] => [value, `${name}-${index + 1}`]),
  );
  const about: [string, string][] = signature
    ? [
        [createHash('sha1').update(signature).digest('hex'), 'SHA1-OF-SIGNATURE'],
        [`<rim:Value>${signature.length}<`, '<rim:Value>SIZE-OF-SIGNATURE<'],
      ]
    : [];
  return [...about, ...values].reduce((whole, [value, name]) => whole.replaceAll(value, name), text);
}

function wire({ contentType, chunks }: Body): string {
  return `Content-Type: ${contentType}\r\n\r\n${Buffer.concat(chunks).toString()}`;
}

const golden = (name: string) => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');

test('the question for the DMP and the signed deposit are those that were read', async () => {
  const sent: Body[] = [];
  const port = portTo(recorder(sent));
  const made = await port.prepare(job, new AbortController().signal);
  if (!('ready' in made)) throw new Error(JSON.stringify(made));
  const { metadata, signature, lotUniqueId } = made.ready;
  const lot = { uniqueId: lotUniqueId, metadata: { id: 'lot', sha256: '', size: metadata.length } };
  await port.send(job, lot, new AbortController().signal, made.ready);
  const [question, deposit] = sent as [Body, Body];
  expect(named(wire(question), null)).toBe(golden('td0-2-existence.soap'));
  expect(named(wire(deposit), signature!)).toBe(golden('td2-1a-signed.mime'));
});
