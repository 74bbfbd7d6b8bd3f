import { createHash } from 'node:crypto';
import type { DocumentFacts, InstanceIdentifier } from '../../words/document.ts';
import type { Operation } from '../../words/request.ts';
import { deriveLot, type LotInput } from '../derive.ts';
import type { Association, DocumentEntry, ExtraSlot, Lot } from '../model.ts';
import { xdmError } from './errors.ts';
import { documentName } from './names.ts';

/**
 * Where the action on a document (`C` replaced, `D` deleted) is said. The volet speaks of an extra metadata named `action`
 * and gives neither the name of its slot nor the object that has it.
 */
export interface ActionSlot {
  /** A URN outside of `urn:ihe:` that ends in `action`. */
  name: string;
  on: 'document' | 'submission-set';
}

export const DEFAULT_ACTION_SLOT: ActionSlot = { name: 'urn:ans:ci-sis:action', on: 'document' };

export type Action = 'C' | 'D';

const ACTIONS: Readonly<Record<Operation, Action | null>> = { deposit: null, replace: 'C', delete: 'D' };

export interface ArchiveLotInput extends Omit<LotInput, 'replaces'> {
  /** Mail addresses for intendedRecipient; one archive goes to all of them. */
  recipients: readonly string[];
  action: ActionSlot;
}

/**
 * The metadata of an archive: those of ITI-41, with what XDM has more (IHE ITI TF-3, table 4.3.1-3): the URI of each
 * document, the action, the recipients. Objects are named by UUIDs made from their uniqueIds, so that a replacement points
 * to what an earlier archive called by the same name; a uniqueId may have an extension, which the DMP would not take.
 * @throws ViaducError `xdm.…` for documents that cannot be in one archive
 */
export function archiveLot(input: ArchiveLotInput): Lot {
  const facts = input.documents.map((one) => one.facts);
  const { submissionSet, entries } = deriveLot(input).lot;
  const { operation } = input.request;
  const replacements = operation === 'replace' ? facts.flatMap(replacementsOf) : [];
  if (operation === 'replace' && replacements.length === 0) throw xdmError('xdm.replaced-not-named');
  const said = (action: Action | null) => slotOf(input.action.name, action);
  const documents = entries.map((entry, index) => {
    const action = actionOn(facts[index]!, operation);
    const extra = input.action.on === 'document' ? said(action) : [];
    return { ...archived(entry, facts[index]!, index), extra };
  });
  judge(documents);
  const set = {
    ...submissionSet,
    symbolicId: entryUuid(submissionSet.uniqueId),
    intendedRecipients: [...input.recipients],
    extra: input.action.on === 'submission-set' ? said(ACTIONS[operation]) : [],
  };
  return {
    submissionSet: set,
    entries: documents,
    associations: [...memberships(set, documents), ...replacements],
  };
}

/** A document that names no predecessor comes new beside those that replace one. */
function actionOn(facts: DocumentFacts, operation: Operation): Action | null {
  return operation === 'replace' && replacedBy(facts).length === 0 ? null : ACTIONS[operation];
}

function slotOf(name: string, action: Action | null): ExtraSlot[] {
  return action === null ? [] : [{ name, values: [action] }];
}

function archived(entry: DocumentEntry, { id }: DocumentFacts, index: number): DocumentEntry {
  const uniqueId = uniqueIdOf(id);
  return { ...entry, symbolicId: entryUuid(uniqueId), uniqueId, uri: documentName(index) };
}

/** `root`, or `root^extension`. */
export function uniqueIdOf({ root, extension }: InstanceIdentifier): string {
  return extension === null ? root : `${root}^${extension}`;
}

function memberships({ symbolicId }: Lot['submissionSet'], entries: readonly DocumentEntry[]): Association[] {
  return entries.map((entry) => ({
    kind: 'HasMember',
    source: symbolicId,
    target: entry.symbolicId,
    status: 'Original',
  }));
}

/** What a document replaces, its own link says. */
function replacementsOf(facts: DocumentFacts): Association[] {
  const source = entryUuid(uniqueIdOf(facts.id));
  return replacedBy(facts).map((one) => ({ kind: 'RPLC', source, target: entryUuid(one) }));
}

function replacedBy({ related }: DocumentFacts): string[] {
  const replaced = related.filter(({ typeCode }) => typeCode === 'RPLC');
  return [...new Set(replaced.flatMap(({ ids }) => ids.map(uniqueIdOf)))];
}

function judge(entries: readonly DocumentEntry[]): void {
  const patients = entries.map(({ patientId }) => patientId && `${patientId.authority}^${patientId.value}`);
  if (new Set(patients).size > 1) throw xdmError('xdm.patients-differ');
  if (new Set(entries.map(({ uniqueId }) => uniqueId)).size < entries.length)
    throw xdmError('xdm.document-twice');
}

/** Namespace of names that are OIDs (RFC 4122, appendix C). */
const OID_NAMESPACE = Buffer.from('6ba7b8129dad11d180b400c04fd430c8', 'hex');

/** The UUID that a uniqueId gives by its name (RFC 4122, version 5), as `urn:uuid:`. */
export function entryUuid(uniqueId: string): string {
  const hash = createHash('sha1').update(OID_NAMESPACE).update(uniqueId).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex').slice(0, 32);
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}
