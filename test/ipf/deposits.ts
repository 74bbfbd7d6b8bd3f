import { createHash } from 'node:crypto';
import { canonicalDigests } from '../../src/checks/canonical-digests.ts';
import type { Digest } from '../../src/delivery/dmp/credentials/seal.ts';
import { type ProvideAndRegister, writeIti41 } from '../../src/delivery/dmp/iti-41.ts';
import { writeLotSignature } from '../../src/delivery/dmp/signature/lot-signature.ts';
import { vihfContent } from '../../src/delivery/dmp/vihf/content.ts';
import { DEFAULT_VIHF_SETTINGS, securityHeader } from '../../src/delivery/dmp/vihf/vihf.ts';
import type { DocumentFacts } from '../../src/words/document.ts';
import { deriveLot, type LotInput } from '../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../src/xds/ebxml.ts';
import type { DocumentEntry, Lot } from '../../src/xds/model.ts';
import { authorStructures } from '../../src/xds/people.ts';
import { withSignature } from '../../src/xds/signature.ts';
import { type ArchiveInput, writeArchive } from '../../src/xds/xdm/archive.ts';
import { unzip } from '../../src/xds/xdm/unzip.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { Markup, xml } from '../../src/xml/writer.ts';
import { demoSeal } from '../delivery/dmp/signed.ts';
import { lotOf } from '../xds/discharge-letter.ts';

/** A document as a sender gave it. */
export interface Given {
  bytes: Uint8Array;
  facts: DocumentFacts;
}

/**
 * The deposit of a document by the structure of its first author as it goes over the wire: the VIHF in its header, the
 * signature of the lot as one more document.
 */
export async function signedDepositOf(
  { bytes, facts }: Given,
  digest: Digest,
  around: Partial<LotInput> = {},
): Promise<string> {
  const seal = demoSeal();
  const lot = lotOfStructure(facts, around);
  const { uniqueId } = lot.submissionSet;
  const documents = [{ uniqueId: facts.id.root, digest: canonicalDigests(parseXml(bytes))[digest] }];
  const signature = Buffer.from(
    await writeLotSignature({ uniqueId, documents, signedAt: SIGNED_AT }, seal, digest),
  );
  const written = {
    uniqueId: `${uniqueId}.9`,
    hash: createHash('sha1').update(signature).digest('hex'),
    size: signature.length,
  };
  const signed = withSignature(lot, 'sig-1', written);
  const security = await securityHeader(
    vihfContent(callerOf(signed), PRODUCT, '2.25.1'),
    seal,
    DEFAULT_VIHF_SETTINGS,
    SIGNED_AT,
  );
  return wire({
    metadata: submitObjectsRequest(signed),
    documents: [part(signed, 0, bytes), part(signed, 1, signature)],
    security,
  });
}

/** The content of an archive as the deposit that a reader could make of it: METADATA.XML as it stands, the files as unpacked. */
export async function archivedDepositOf(input: ArchiveInput): Promise<string> {
  const { bytes, lot } = await writeArchive(input);
  const files = new Map((await unzip(bytes)).map((member) => [member.name, member.bytes]));
  const metadata = files
    .get('IHE_XDM/SUBSET01/METADATA.XML')!
    .toString()
    .replace(/^<\?xml .*\?>\n/, '');
  const documents = lot.entries.map(({ symbolicId, uri }) => ({
    symbolicId,
    bytes: files.get(`IHE_XDM/SUBSET01/${uri}`)!,
  }));
  return wire({ metadata: new Markup(metadata), documents, security: xml`` });
}

const SIGNED_AT = Date.parse('2026-03-01T10:30:00Z');
const PRODUCT = { name: 'Viaduc', version: '1', homologation: 'H-1' };

function lotOfStructure(facts: DocumentFacts, around: Partial<LotInput> = {}): Lot {
  const [id = '1750803447'] = authorStructures(facts);
  return deriveLot(lotOf(facts, { structure: { id, name: 'Structure' }, ...around })).lot;
}

function callerOf({ submissionSet: { author, patientId } }: Lot) {
  return {
    structure: author.institutions[0]!.id!,
    sector: 'SA01',
    patient: patientId,
    requester: null,
    secretConnection: false,
    nowMs: SIGNED_AT,
  };
}

function part({ entries }: Lot, index: number, bytes: Uint8Array) {
  const { symbolicId } = entries[index] as DocumentEntry;
  return { symbolicId, bytes };
}

function wire(request: ProvideAndRegister): string {
  const { contentType, chunks } = writeIti41({
    ...request,
    messageId: 'urn:uuid:5d1c2f0e-8a0b-4c59-9f6e-3a1f0f5e7b21',
    to: 'https://dmp.example/repository',
  });
  return `Content-Type: ${contentType}\r\n\r\n${Buffer.concat(chunks).toString('latin1')}`;
}
