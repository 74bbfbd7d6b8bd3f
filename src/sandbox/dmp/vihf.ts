import { attribute, child, children, descendants, elementsOf, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { CODE_LISTS } from './codes.ts';
import { raise } from './errors.ts';
import { parseInsCx } from './formats.ts';
import { HL7_NS, SAML_NS, WSSE_NS, XMLDSIG_NS } from './names.ts';
import type { Transaction } from './operations.ts';
import type { Envelope } from './soap.ts';
import { MODE_SPELLINGS, type Switches } from './switches.ts';
import type { Trust } from './trust.ts';
import type { UsedIds } from './used-ids.ts';
import { judgeRoles } from './vihf-roles.ts';
import { checkAuthentication, checkDeclaration, checkJob, INSTANT, nameIdOf } from './vihf-subject.ts';
import { type VerifiedSignature, verifySignature } from './xml-signature.ts';

/** Who speaks, and about which patient, once the VIHF was judged. */
export interface Vihf {
  /** Identifiant_Structure. */
  structure: string;
  /** resource-id: the INS as CX, null when the call concerns no patient. */
  patient: string | null;
  /** Of a minor who does not want legal representatives to know. */
  secret: boolean;
}

/** What the DMP knows when it judges a VIHF. */
export interface VihfContext {
  trust: Trust;
  switches: Switches;
  used: UsedIds;
  /** What is asked for. */
  transaction: Transaction;
  /** OU of the certificate shown in TLS; null for none. */
  peer: string | null;
  nowMs: number;
}

const ALLOWED_METHODS: Readonly<Record<Switches['digests'][number], { signature: string; digest: string }>> =
  {
    sha1: {
      signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
    },
    sha256: {
      signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
    },
  };
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/**
 * Judges the VIHF of a request (sheet dmp-xds, 4 and 20): its frame, its signature, the certificate of the seal, whose
 * structure it is, and every attribute.
 * @throws ViaducError `sandbox.vihf-…`, `sandbox.seal-refused` or `sandbox.structure-refused`: the fault to answer
 */
export async function judgeVihf(envelope: Envelope, context: VihfContext): Promise<Vihf> {
  const assertion = assertionOf(envelope);
  checkFrame(assertion, context);
  checkSigned(assertion, envelope);
  const signature = await verifySignature(envelope.alone(assertion));
  const issuer = textOf(child(assertion, 'Issuer', SAML_NS)!).trim();
  const certified = checkSignature(signature, attribute(assertion, 'ID')!, issuer, context);
  const values = attributesOf(assertion);
  checkMode(values, context);
  checkDeclaration(assertion);
  checkAttributes(values, context.switches);
  checkJob(nameIdOf(assertion), values.get(ROLE)!, context.switches);
  const structure = values.get('Identifiant_Structure')![0]!;
  for (const holder of [certified, context.peer])
    if (holder !== null && !context.trust.speaksFor(holder, structure))
      throw raise('sandbox.structure-refused', { structure, certified: holder });
  checkFirstUse(assertion, context);
  const secret = checkSecret(values.get(CONFIDENTIALITY));
  return { structure, patient: values.get(RESOURCE_ID)?.[0] ?? null, secret };
}

/** Deposits are closed to reinforced indirect authentication, which serves consultation (PDT-INF-606; sheet dmp-xds, 2.2). */
function checkMode(values: ReadonlyMap<string, readonly string[]>, { transaction }: VihfContext): void {
  const reinforced = MODE_SPELLINGS.some((name) => values.get(name)?.[0] === 'INDIRECTE_RENFORCEE');
  if (reinforced && transaction === 'iti-41')
    throw raise('sandbox.right-denied', { operation: 'TD2.1 (INDIRECTE_RENFORCEE)' });
}

/** A VIHF is made for one call. */
function checkFirstUse(assertion: XmlElement, { switches, used, nowMs }: VihfContext): void {
  const id = attribute(assertion, 'ID')!;
  if (used.use(id, nowMs, 2 * switches.vihfSeconds * 1000) || switches.vihfReuse === 'accept') return;
  throw raise('sandbox.vihf-reused', { id });
}

function assertionOf({ header }: Envelope): XmlElement {
  const [security, ...others] = children(header, 'Security', WSSE_NS);
  const inside = security ? elementsOf(security) : [];
  const [assertion] = inside;
  if (!security || others.length > 0) throw raise('sandbox.vihf-missing');
  if (inside.length !== 1 || !isElement(assertion!, 'Assertion', SAML_NS))
    throw raise('sandbox.vihf-missing');
  return assertion!;
}

const NAME = /^[A-Za-z_][-\w.]*$/;

function checkFrame(assertion: XmlElement, { switches, nowMs }: VihfContext): void {
  const wrong = (what: string, expected: string) => raise('sandbox.vihf-wrong', { what, expected });
  if (attribute(assertion, 'Version') !== '2.0') throw wrong('Assertion/@Version', '2.0');
  if (!NAME.test(attribute(assertion, 'ID') ?? '')) throw wrong('Assertion/@ID', 'NCName');
  const issued = attribute(assertion, 'IssueInstant') ?? '';
  if (!INSTANT.test(issued)) throw wrong('Assertion/@IssueInstant', 'YYYY-MM-DDThh:mm:ssZ');
  if (Math.abs(Date.parse(issued) - nowMs) > switches.vihfSeconds * 1000)
    throw raise('sandbox.vihf-expired', { issued, seconds: switches.vihfSeconds });
  const issuer = child(assertion, 'Issuer', SAML_NS);
  const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName';
  if (!issuer || attribute(issuer, 'Format') !== format) throw wrong('Issuer/@Format', format);
  nameIdOf(assertion);
  checkConditions(child(assertion, 'Conditions', SAML_NS), nowMs);
  checkAuthentication(assertion, switches, nowMs);
}

/** No audience; dates, which may be left out, on both sides of now (SAML 2.0 core, 2.5.1). */
function checkConditions(conditions: XmlElement | null, nowMs: number): void {
  const wrong = (what: string, expected: string) => raise('sandbox.vihf-wrong', { what, expected });
  if (child(conditions, 'AudienceRestriction', SAML_NS)) throw wrong('AudienceRestriction', '-');
  const [from, to] = ['NotBefore', 'NotOnOrAfter'].map((name) => attribute(conditions, name));
  for (const one of [from, to])
    if (one && !INSTANT.test(one)) throw wrong('Conditions', 'YYYY-MM-DDThh:mm:ssZ');
  if (from && Date.parse(from) > nowMs) throw wrong('Conditions/@NotBefore', '<= now');
  if (to && Date.parse(to) <= nowMs) throw wrong('Conditions/@NotOnOrAfter', '> now');
}

const IDS = ['ID', 'Id', 'id'];

/**
 * What is verified is what is judged: the assertion holds one signature, its own, and bears an ID that nothing else in the
 * header bears, so that no second assertion or element can stand in for it.
 */
function checkSigned(assertion: XmlElement, { header }: Envelope): void {
  const signatures = [...descendants(assertion)].filter((one) => isElement(one, 'Signature', XMLDSIG_NS));
  if (signatures.length === 0) throw raise('sandbox.vihf-unsigned');
  if (signatures.length > 1 || signatures[0]!.parent !== assertion) throw raise('sandbox.vihf-signature');
  const id = attribute(assertion, 'ID');
  const bearers = [...descendants(header!)].filter((one) => IDS.some((name) => attribute(one, name) === id));
  if (bearers.length > 1) throw raise('sandbox.vihf-wrong', { what: 'Assertion/@ID', expected: '1' });
}

/** @returns OU of the certificate that signed */
function checkSignature(
  signature: VerifiedSignature | null,
  id: string,
  issuer: string,
  { trust, switches, nowMs }: VihfContext,
): string {
  if (!signature?.certificate) throw raise('sandbox.vihf-unsigned');
  const [reference, ...others] = signature.references;
  const methods = switches.digests.map((digest) => ALLOWED_METHODS[digest]);
  const covers = others.length === 0 && reference?.uri === `#${id}`;
  const plain =
    signature.canonicalization === EXCLUSIVE &&
    reference?.transforms.join(' ') === `${ENVELOPED} ${EXCLUSIVE}`;
  const allowed = methods.some(
    (one) => one.signature === signature.signatureMethod && one.digest === reference?.digest,
  );
  if (!signature.valid || !covers || !plain || !allowed) throw raise('sandbox.vihf-signature');
  const { fault, structure, subject } = trust.judge(signature.certificate, nowMs);
  if (fault !== null || structure === null) throw raise('sandbox.seal-refused', { why: fault ?? 'OU' });
  if (!sameName(issuer, subject, switches.issuerOrder))
    throw raise('sandbox.vihf-wrong', { what: 'Issuer', expected: subject.toReversed().join(',') });
  return structure;
}

/** Names are compared part by part: sources differ in order and in blanks after commas (sheet dmp-xds, 4.1). */
function sameName(issuer: string, subject: readonly string[], order: Switches['issuerOrder']): boolean {
  const parts = (issuer.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.trim().replace(/\\(.)/g, '$1'));
  const given = parts.join('\n');
  if (order === 'last-first') return given === subject.toReversed().join('\n');
  return parts.toSorted().join('\n') === subject.toSorted().join('\n');
}

const ROLE = 'urn:oasis:names:tc:xacml:2.0:subject:role';
const SUBJECT_ID = 'urn:oasis:names:tc:xspa:1.0:subject:subject-id';
const RESOURCE_ID = 'urn:oasis:names:tc:xacml:2.0:resource:resource-id';
const CONFIDENTIALITY = 'urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code';
const PURPOSE = 'urn:oasis:names:tc:xspa:1.0:subject:purposeofuse';

/** Values of the attributes by name; a value that is an element reads `code^codeSystem`. */
function attributesOf(assertion: XmlElement): Map<string, string[]> {
  const statement = child(assertion, 'AttributeStatement', SAML_NS);
  const values = new Map<string, string[]>();
  for (const one of children(statement, 'Attribute', SAML_NS)) {
    const name = attribute(one, 'Name') ?? '';
    if (values.has(name)) throw raise('sandbox.vihf-wrong', { what: name, expected: '1' });
    values.set(name, children(one, 'AttributeValue', SAML_NS).map(textOfValue));
  }
  return values;
}

function textOfValue(value: XmlElement): string {
  const [coded] = elementsOf(value);
  if (!coded) return textOf(value).trim();
  if (coded.name.ns !== HL7_NS) return '';
  return `${attribute(coded, 'code') ?? ''}^${attribute(coded, 'codeSystem') ?? ''}`;
}

/** Forms of the attributes that have one value (sheet dmp-xds, 4.2). */
const FORMS: readonly { name: string; form: RegExp; expected: string }[] = [
  { name: 'Identifiant_Structure', form: /^[0-4][0-9A-Z]{9,14}$/, expected: 'Struct_IdNat' },
  { name: SUBJECT_ID, form: /\S/, expected: '-' },
  { name: 'Ressource_URN', form: /^urn:dmp$/, expected: 'urn:dmp' },
  { name: PURPOSE, form: /^normal\^1\.2\.250\.1\.213\.1\.1\.4\.248$/, expected: 'normal' },
  { name: 'LPS_Nom', form: /\S/, expected: '-' },
  { name: 'LPS_Version', form: /\S/, expected: '-' },
];

function checkAttributes(values: ReadonlyMap<string, readonly string[]>, switches: Switches): void {
  const one = (name: string, matches: (value: string) => boolean, expected: string) => {
    const [value, ...others] = values.get(name) ?? [];
    if (value === undefined || others.length > 0 || !matches(value))
      throw raise('sandbox.vihf-wrong', { what: name, expected });
  };
  for (const { name, form, expected } of FORMS) one(name, (value) => form.test(value), expected);
  const mode = switches.modeSpellings.find((name) => values.has(name));
  one(mode ?? 'Authentification_Mode', (value) => value === 'INDIRECTE', 'INDIRECTE');
  one(
    'VIHF_Version',
    (value) => switches.vihfVersions.some((known) => known === value),
    switches.vihfVersions.join(', '),
  );
  one('Secteur_Activite', isSector, `SA01^${SECTORS}`);
  checkProduct(values, switches);
  one(
    'LPS_ID_HOMOLOGATION_DMP',
    (value) => switches.homologations.includes(value),
    switches.homologations.join(', '),
  );
  one(RESOURCE_ID, (value) => switches.insRoots.includes(parseInsCx(value)?.root ?? ''), 'INS^^^&OID&ISO^NH');
  checkRoles(values.get(ROLE) ?? []);
}

const SECTORS = '1.2.250.1.71.4.2.4';

/** A sector of activity of JDV_J61. */
function isSector(value: string): boolean {
  const [code = '', system, ...rest] = value.split('^');
  const known = CODE_LISTS.healthcareFacilityTypeCode.systemOf(code);
  return rest.length === 0 && known === SECTORS && system === SECTORS;
}

/** Name and version are those homologated, where the switch tells which. */
function checkProduct(
  values: ReadonlyMap<string, readonly string[]>,
  { homologatedProducts: known }: Switches,
): void {
  const product = `${values.get('LPS_Nom')?.[0]} ${values.get('LPS_Version')?.[0]}`;
  if (known.length > 0 && !known.includes(product))
    throw raise('sandbox.vihf-wrong', { what: 'LPS_Nom, LPS_Version', expected: known.join(', ') });
}

function checkRoles(roles: readonly string[]): void {
  const judged = judgeRoles(roles);
  if (judged === 'wrong') throw raise('sandbox.vihf-wrong', { what: ROLE, expected: 'JDV_J65' });
  if (judged === 'without speciality') throw raise('sandbox.vihf-speciality');
}

/** A secret connection is told by the one code of JDV_J64. */
function checkSecret(values: readonly string[] | undefined): boolean {
  if (values === undefined) return false;
  const code = 'INVISIBLE_REPRESENTANTS_LEGAUX';
  if (values.length === 1 && values[0]!.split('^')[0] === code) return true;
  throw raise('sandbox.vihf-wrong', { what: CONFIDENTIALITY, expected: code });
}
