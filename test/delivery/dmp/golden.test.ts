import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DmpConnection } from '../../../src/delivery/dmp/connection.ts';
import { findDocument } from '../../../src/delivery/dmp/iti-18.ts';
import { provideAndRegister } from '../../../src/delivery/dmp/iti-41.ts';
import { updateDocumentSet } from '../../../src/delivery/dmp/iti-57.ts';
import type { Body } from '../../../src/delivery/dmp/mtom.ts';
import { deletionLot, deriveLot } from '../../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../../src/xds/ebxml.ts';
import { xml } from '../../../src/xml/writer.ts';
import { LETTER, lotOf } from '../../xds/discharge-letter.ts';

/*
 * The requests as they go over the wire, byte for byte: Content-Type, an empty line, the body. Each file was read against
 * the specification when it was made, as follows; whoever changes one reads it again.
 *
 * Message (MTOM of the DMP, rule EX_2.1-1260): Content-Type has boundary, type, start, start-info and action; the root part is
 * application/xop+xml with type application/soap+xml; `start` is its Content-ID; the href of the Include is `cid:` and the
 * Content-ID of the document's part; Document/@id is ExtrinsicObject/@id; the document's part is its bytes and nothing else.
 * Envelope: SOAP 1.2; Action (mustUnderstand), MessageID, anonymous ReplyTo (mustUnderstand), To; Security as given.
 * Lot (IHE ITI TF-3, tables 4.2.3.2 and 4.2.3.3, French profile): each scheme UUID was compared with the table digit by digit;
 * submissionTime, author with institution, person and specialty, contentTypeCode 03 for patient class I, patientId, sourceId,
 * uniqueId; membership with SubmissionSetStatus Original.
 * Document: the ten slots with their values, sha1 and size of the part computed apart by `sha1sum` and `wc -c`, times in UTC
 * with the precision of the source, N plus one visibility code for each flag of the request, the local identifier as PI.
 *
 * Read again, slot by slot, against the sheet dmp-xds: sections 5.2 to 5.4 (addressing, MTOM, namespaces), 7.2 to 7.4
 * (identifiers, schemes, associations and statuses), 8 and 9 (lot and document), 10 (CX, XCN, XON, specialty, sourcePatientInfo,
 * times), 12 (confidentiality), 14.1 and 14.2 (RPLC to the entryUUID; deletion: a lot and one association, no document, no
 * signature), 15 (GetDocuments, ObjectRef, returnComposedObjects false, one quoted uniqueId in a list). With VIHF and
 * signature: golden-signed.test.ts.
 */

const folder = join(import.meta.dirname, 'golden');
const DOCUMENT = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?>\r\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Lettre de liaison à relire</title></ClinicalDocument>\n',
);
const SECURITY = xml`<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>`;
const messageId = 'urn:uuid:5d1c2f0e-8a0b-4c59-9f6e-3a1f0f5e7b21';
const boundary = 'viaduc-5d1c2f0e';
const ENTRY = 'urn:uuid:0b3c0c1e-5f0a-4d57-8a4e-6f2c8a1d9e44';

const facts = {
  ...LETTER,
  sha1: createHash('sha1').update(DOCUMENT).digest('hex'),
  size: DOCUMENT.length,
};

/** A connection that keeps what it is given to send and answers nothing. */
function recorder(): DmpConnection & { sent: Body[] } {
  const sent: Body[] = [];
  return {
    sent,
    urlOf: (service) => `https://dmp.example/si-dmp-server/v2/services/${service}`,
    exchange: async (_service, body) => {
      sent.push(body);
      return {
        kind: 'failure',
        code: 'delivery.dmp-unreachable',
        values: {},
        sent: false,
        status: null,
        raw: null,
      };
    },
    close: async () => {},
  };
}

async function wire(send: (connection: DmpConnection) => Promise<unknown>): Promise<string> {
  const connection = recorder();
  await send(connection);
  const [{ contentType, chunks }] = connection.sent as [Body];
  return `Content-Type: ${contentType}\r\n\r\n${Buffer.concat(chunks).toString()}`;
}

function deposit(around: Parameters<typeof lotOf>[1] = {}, document: Parameters<typeof lotOf>[0] = {}) {
  const { lot, findings } = deriveLot(lotOf({ ...facts, ...document }, around));
  expect(findings).toEqual([]);
  const documents = [{ symbolicId: lot.entries[0]!.symbolicId, bytes: DOCUMENT }];
  return { metadata: submitObjectsRequest(lot), documents, security: SECURITY, messageId, boundary };
}

const REQUESTS: Record<string, () => Promise<string>> = {
  'td2-1a-deposit.mime': () => wire((connection) => provideAndRegister(connection, deposit())),
  'td2-1b-replacement.mime': () => {
    const old = { root: '1.2.250.1.999.1.1.8121.2.0', extension: null };
    const related = [{ typeCode: 'RPLC', ids: [old], setId: null }];
    const input = deposit({ replaces: { [old.root]: ENTRY } }, { related });
    return wire((connection) => provideAndRegister(connection, input));
  },
  'td3-1b-search.soap': () =>
    wire((connection) =>
      findDocument(connection, { uniqueId: facts.id.root, security: SECURITY, messageId }),
    ),
  'td3-3c-deletion.soap': () => {
    const { documents: _, ...context } = lotOf();
    const patientId = { value: '279035121518989', authority: '1.2.250.1.213.1.4.10', type: 'NH' } as const;
    const lot = deletionLot({ ...context, patientId, target: { entryUuid: ENTRY, status: 'Approved' } });
    const metadata = submitObjectsRequest(lot);
    return wire((connection) => updateDocumentSet(connection, { metadata, security: SECURITY, messageId }));
  },
};

describe('golden requests', () => {
  test.each(Object.entries(REQUESTS))('%s', async (file, request) => {
    expect(await request()).toBe(readFileSync(join(folder, file), 'utf8'));
  });
});
