import { createHash } from 'node:crypto';
import { readFacts } from '../../cda/facts.ts';
import type { DocumentFacts } from '../../words/document.ts';
import type { Values } from '../../words/errors.ts';
import { type Finding, finding, type Severity } from '../../words/findings.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { placeOf } from '../../xml/select.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import type { DocumentEntry, ExtraSlot } from '../model.ts';
import { insOf } from '../patient.ts';
import { xdmErrors } from './errors.ts';
import { type Action, uniqueIdOf } from './lot.ts';
import { folded } from './member-names.ts';
import type { ReadEntry, ReadLot } from './read-lot.ts';
import type { OpenedMember } from './unzip.ts';
import { resolveUri } from './uri.ts';

/** A document of an archive that was opened. */
export interface OpenedDocument {
  entry: DocumentEntry;
  /** What is asked for beside a plain deposit: C replaces, D deletes; null when nothing is, or nothing that is known. */
  action: Action | null;
  /** As sent; null when the archive does not hold it. */
  bytes: Buffer | null;
  /** Header of the CDA, when it is one. */
  facts: DocumentFacts | null;
  /** INS of which metadata and header speak, each `OID^matricule`. */
  patients: string[];
  /** Source `mssante`, at the document's place in METADATA.XML; an error keeps it from being integrated by itself. */
  findings: Finding[];
}

/** Where the files of a lot are looked for. */
export interface Within {
  /** Of its METADATA.XML. */
  folder: string;
  byName: ReadonlyMap<string, OpenedMember>;
  /** Files that a document has taken: each is hashed and parsed once, however often it is named. */
  taken: Set<OpenedMember>;
}

interface Around extends Within {
  tree: XmlDocument;
  submissionSet: ReadLot['submissionSet'];
}

interface Reproach {
  code: keyof typeof xdmErrors;
  severity?: Severity;
  values?: Values;
}

/** Finds the file of an entry and compares it with what the metadata promise. */
export function openDocument({ entry, element }: ReadEntry, around: Around): OpenedDocument {
  const { file, reproach } = fileOf(entry, around);
  const bytes = file?.bytes ?? null;
  const facts = bytes && factsOf(bytes);
  const actions = actionsOf(entry, around.submissionSet);
  const action = actions.length === 1 ? actions[0]! : null;
  const reproaches: Reproach[] = [
    ...required(entry),
    ...(reproach ? [reproach] : []),
    ...(bytes ? compareBytes(entry, bytes) : []),
    ...(bytes && !facts ? [notCda(entry)] : []),
    ...(facts ? compareHeader(entry, facts) : []),
    ...(action === 'unknown' || actions.length > 1 ? [{ code: 'xdm.action-unknown' as const }] : []),
  ];
  return {
    entry,
    action: action === 'unknown' ? null : action,
    bytes,
    facts,
    patients: [entry.patientId, facts && insOf(facts.patient)].flatMap((one) =>
      one ? `${one.authority}^${one.value}` : [],
    ),
    findings: reproaches.map(({ code, severity, values }) =>
      finding(xdmErrors, code, {
        source: 'mssante',
        place: placeOf(around.tree, element),
        ...(severity && { severity }),
        ...(values && { values }),
      }),
    ),
  };
}

function fileOf(
  { uri }: DocumentEntry,
  { folder, byName, taken }: Around,
): { file?: OpenedMember | undefined; reproach?: Reproach } {
  if (uri === null) return { reproach: { code: 'xdm.attribute-missing', values: { attribute: 'URI' } } };
  const name = resolveUri(folder, uri);
  if (name === null) return { reproach: { code: 'xdm.uri-refused' } };
  const file = byName.get(folded(name));
  if (!file) return { reproach: { code: 'xdm.file-missing' } };
  if (taken.has(file)) return { reproach: { code: 'xdm.file-twice' } };
  taken.add(file);
  return { file };
}

function required({ uniqueId, patientId }: DocumentEntry): Reproach[] {
  const lacking: Reproach[] = [];
  if (uniqueId === '') lacking.push({ code: 'xdm.attribute-missing', values: { attribute: 'uniqueId' } });
  if (!patientId)
    lacking.push({
      code: 'xdm.attribute-missing',
      severity: 'warning',
      values: { attribute: 'patientId' },
    });
  return lacking;
}

/** Hash and size are required of whoever makes an archive; without them there is nothing to compare. */
function compareBytes({ size, hash }: DocumentEntry, bytes: Buffer): Reproach[] {
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const reproaches: Reproach[] = [];
  if (size === null) reproaches.push(unsaid('size'));
  else if (size !== bytes.length)
    reproaches.push({ code: 'xdm.size-differs', values: { bytes: bytes.length, announced: size } });
  if (hash === null) reproaches.push(unsaid('hash'));
  else if (hash !== sha1) reproaches.push({ code: 'xdm.hash-differs' });
  return reproaches;
}

function unsaid(attribute: string): Reproach {
  return { code: 'xdm.attribute-missing', severity: 'warning', values: { attribute } };
}

function factsOf(bytes: Buffer): DocumentFacts | null {
  try {
    return readFacts(parseXml(bytes), bytes).facts;
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}

/** A copy for the eye, such as a PDF, may lie beside the CDA; something that calls itself XML must be a CDA. */
function notCda({ mimeType }: DocumentEntry): Reproach {
  return { code: 'xdm.not-a-cda', severity: /xml/i.test(mimeType) ? 'error' : 'warning' };
}

function compareHeader(entry: DocumentEntry, facts: DocumentFacts): Reproach[] {
  const ins = insOf(facts.patient);
  const said = entry.patientId && `${entry.patientId.authority}^${entry.patientId.value}`;
  const reproaches: Reproach[] = [];
  if (entry.uniqueId !== '' && entry.uniqueId !== uniqueIdOf(facts.id)) reproaches.push(differs('uniqueId'));
  if (said && said !== (ins && `${ins.authority}^${ins.value}`)) reproaches.push(differs('patientId'));
  if (entry.typeCode && entry.typeCode.code !== facts.code?.code) reproaches.push(differs('typeCode'));
  if (entry.title !== null && entry.title !== facts.title) reproaches.push(differs('title', 'warning'));
  return reproaches;
}

function differs(attribute: string, severity: Severity = 'error'): Reproach {
  return { code: 'xdm.header-differs', severity, values: { attribute } };
}

/** What the slots named `action`, of the document and of its lot, say; each answer once. */
function actionsOf(entry: DocumentEntry, { extra }: ReadLot['submissionSet']): (Action | 'unknown')[] {
  const said = [...entry.extra, ...extra].filter(isAction).flatMap(({ values }) => values);
  return [...new Set(said.map((text) => ACTIONS[text.trim().toUpperCase()] ?? 'unknown'))];
}

const ACTIONS: Readonly<Record<string, Action>> = { C: 'C', D: 'D' };

function isAction({ name }: ExtraSlot): boolean {
  return /action$/i.test(name);
}
