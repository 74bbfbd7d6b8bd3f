import { createHash, randomUUID } from 'node:crypto';
import type { Markup } from '../../../xml/writer.ts';
import { canonical, text } from '../canonical.ts';
import type { Digest, Seal } from '../credentials/seal.ts';
import { DIGEST_METHODS, DS, SIGNATURE_METHODS } from '../signature/algorithms.ts';
import type { SubjectRole } from './roles.ts';

/** What differs between sources about the VIHF, and so is a setting (sheet dmp-xds, 4.1 and 4.2). */
export interface VihfSettings {
  version: '3.0' | '4.0';
  modeAttribute: 'Authentification_Mode' | 'Authentification_mode';
  digest: Digest;
  /** SAML class of how the person or the job was authenticated locally. */
  authnContext: string;
}

export const DEFAULT_VIHF_SETTINGS: VihfSettings = {
  version: '3.0',
  modeAttribute: 'Authentification_Mode',
  digest: 'sha256',
  authnContext: 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
};

/** The product as homologated. */
export interface HomologatedProduct {
  name: string;
  version: string;
  /** Number given by the CNDA; a secret. */
  homologation: string;
}

/** Whom one assertion speaks of: one structure, one person or job, one patient. */
export interface VihfContent {
  /** Struct_IdNat of the sending structure. */
  structure: string;
  /** Code of JDV_J61, such as SA01. */
  sector: string;
  /** PS_IdNat of who asked, or the identifier of who answers for the job. */
  nameId: string;
  /** Family and given names, or software, model and service of a job. */
  subject: string;
  roles: readonly SubjectRole[];
  /** INS as CX, `matricule^^^&OID&ISO^NH`; null when no patient is concerned. */
  patient: string | null;
  /** The connection is to be hidden from the representatives of a minor. */
  secretConnection: boolean;
  /** Milliseconds since 1970: when the person or the job was authenticated. */
  authenticatedAt: number;
  product: HomologatedProduct;
  /** OID of this installation. */
  installation: string;
}

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const HL7 = 'urn:hl7-org:v3';
const X509_NAME = 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName';
const SECTORS = '1.2.250.1.71.4.2.4';
const SECRET = 'INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13';

/**
 * The `wsse:Security` header of one call: a VIHF, signed. It is never touched by MTOM and never used twice.
 * @param nowMs milliseconds since 1970, IssueInstant
 */
export async function securityHeader(
  content: VihfContent,
  seal: Seal,
  settings: VihfSettings,
  nowMs: number,
): Promise<Markup> {
  const assertion = await writeVihf(content, seal, settings, nowMs);
  return canonical`<wsse:Security xmlns:wsse="${WSSE}">${assertion}</wsse:Security>`;
}

/** The VIHF: a SAML 2.0 assertion in mode INDIRECTE, with an enveloped signature of the seal (sheet dmp-xds, 4). */
export async function writeVihf(
  content: VihfContent,
  seal: Seal,
  settings: VihfSettings,
  nowMs: number,
): Promise<Markup> {
  const id = `_${randomUUID()}`;
  const head = canonical`<saml:Assertion xmlns:saml="${SAML}" ID="${id}" IssueInstant="${instantOf(nowMs)}" Version="2.0"><saml:Issuer Format="${X509_NAME}">${text(seal.subject)}</saml:Issuer>`;
  const tail = canonical`${subjectOf(content)}${authenticationOf(content, settings)}${attributesOf(content, settings)}</saml:Assertion>`;
  const digest = createHash(settings.digest).update(head.text).update(tail.text).digest('base64');
  const signature = await signatureOf(id, digest, seal, settings.digest);
  return canonical`${head}${signature}${tail}`;
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

async function signatureOf(id: string, value: string, seal: Seal, digest: Digest): Promise<Markup> {
  const signed = (declaration: Markup) =>
    canonical`<ds:SignedInfo${declaration}><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${SIGNATURE_METHODS[digest]}"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="${DIGEST_METHODS[digest]}"></ds:DigestMethod><ds:DigestValue>${value}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const alone = signed(canonical` xmlns:ds="${DS}"`);
  const signature = await seal.sign(alone.text, digest);
  const certificate = seal.chain[0]!.der.toString('base64');
  return canonical`<ds:Signature xmlns:ds="${DS}">${signed(canonical``)}<ds:SignatureValue>${signature}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
}

function subjectOf({ nameId }: VihfContent): Markup {
  return canonical`<saml:Subject><saml:NameID>${text(nameId)}</saml:NameID></saml:Subject>`;
}

function authenticationOf({ authenticatedAt }: VihfContent, { authnContext }: VihfSettings): Markup {
  return canonical`<saml:AuthnStatement AuthnInstant="${instantOf(authenticatedAt)}"><saml:AuthnContext><saml:AuthnContextClassRef>${text(authnContext)}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
}

function attributesOf(content: VihfContent, { version, modeAttribute }: VihfSettings): Markup {
  const { structure, sector, subject, roles, patient, secretConnection, product, installation } = content;
  const attributes = [
    attribute('VIHF_Version', version),
    attribute(modeAttribute, 'INDIRECTE'),
    attribute('Identifiant_Structure', structure),
    attribute('Secteur_Activite', `${sector}^${SECTORS}`),
    attribute('urn:oasis:names:tc:xspa:1.0:subject:subject-id', subject),
    attributeOf('urn:oasis:names:tc:xacml:2.0:subject:role', roles.map(roleOf)),
    ...(patient === null ? [] : [attribute('urn:oasis:names:tc:xacml:2.0:resource:resource-id', patient)]),
    attribute('Ressource_URN', 'urn:dmp'),
    attributeOf('urn:oasis:names:tc:xspa:1.0:subject:purposeofuse', [PURPOSE]),
    ...(secretConnection
      ? [attribute('urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code', SECRET)]
      : []),
    attribute('LPS_ID', installation),
    attribute('LPS_Nom', product.name),
    attribute('LPS_Version', product.version),
    attribute('LPS_ID_HOMOLOGATION_DMP', product.homologation),
  ];
  return canonical`<saml:AttributeStatement>${attributes}</saml:AttributeStatement>`;
}

const PURPOSE = canonical`<PurposeOfUse xmlns="${HL7}" xmlns:xsi="${XSI}" code="normal" codeSystem="1.2.250.1.213.1.1.4.248" codeSystemName="mode acces VIHF 1.0" displayName="Accès normal" xsi:type="CE"></PurposeOfUse>`;

function roleOf({ code, codeSystem, displayName }: SubjectRole): Markup {
  return canonical`<Role xmlns="${HL7}" xmlns:xsi="${XSI}" code="${code}" codeSystem="${codeSystem}" displayName="${displayName}" xsi:type="CE"></Role>`;
}

function attribute(name: string, value: string): Markup {
  return attributeOf(name, [text(value)]);
}

function attributeOf(name: string, values: readonly Markup[]): Markup {
  const written = values.map((value) => canonical`<saml:AttributeValue>${value}</saml:AttributeValue>`);
  return canonical`<saml:Attribute Name="${name}">${written}</saml:Attribute>`;
}
