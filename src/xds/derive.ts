import { createHash } from 'node:crypto';
import type { DocumentFacts } from '../words/document.ts';
import type { Finding, NotEvaluated } from '../words/findings.ts';
import type { SubmissionRequest } from '../words/request.ts';
import { entryOf } from './entry.ts';
import { dtm } from './formats.ts';
import { asFinding, judgeCode, judgeEntry } from './judge.ts';
import type {
  Association,
  Author,
  AvailabilityStatus,
  DocumentEntry,
  Lot,
  PatientIdentifier,
  SubmissionSet,
} from './model.ts';
import { lotAuthor, type Structure } from './people.ts';
import type { XdsSettings } from './settings.ts';
import { unofficial } from './value-sets.ts';

/** What every lot needs, whether it brings documents or takes one away. */
export interface LotContext {
  request: SubmissionRequest;
  structure: Structure;
  /** Author of the lot when the request names nobody. */
  author: Author;
  /** OID of this installation. */
  sourceId: string;
  /** OID of this lot, decided before anything is written; sending the lot again keeps it. */
  lotUniqueId: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  submissionTime: number;
  settings: XdsSettings;
}

export interface LotInput extends LotContext {
  documents: readonly { facts: DocumentFacts; symbolicId?: string }[];
  /** entryUUID (`urn:uuid:…`) in the registry of each document to be replaced, by its uniqueId. */
  replaces?: Readonly<Record<string, string>>;
}

export interface Derived {
  lot: Lot;
  /** Source `dmp`, of all documents; an error says that the lot must not leave. */
  findings: Finding[];
  /** Value sets that did not refuse because only our own edition was at hand. */
  notEvaluated: NotEvaluated[];
}

/** The metadata of one submission to the DMP or of one XDM archive. Throws nothing: what is wrong is in `findings`. */
export function deriveLot(input: LotInput): Derived {
  const { documents, settings, structure } = input;
  const ids = symbolicIds(input.lotUniqueId);
  const entries = documents.map(({ facts, symbolicId }, index) =>
    entryOf(facts, symbolicId ?? ids.document(index), input),
  );
  const submissionSet = submissionSetOf(input, entries[0]?.patientId ?? null);
  const replacements = replacementsOf(input, entries);
  const findings = entries.flatMap((entry, index) =>
    judgeEntry({ facts: documents[index]!.facts, entry, structure, settings }),
  );
  return {
    lot: { submissionSet, entries, associations: [...memberships(submissionSet, entries), ...replacements] },
    findings: [
      ...findings,
      ...judgeCode('contentTypeCode', submissionSet.contentTypeCode, '', settings).map(asFinding),
      ...judgeSecrecy(input.request),
      ...judgeLot(entries),
      ...unlinked(input, replacements),
    ],
    notEvaluated: unofficial(settings.codes.valueSets),
  };
}

export interface DeletionInput extends LotContext {
  patientId: PatientIdentifier;
  target: {
    /** `urn:uuid:…`, as the registry gave it last. */
    entryUuid: string;
    status: AvailabilityStatus;
  };
}

/** The metadata of a deletion (TD3.3c): a lot without documents whose association turns the entry's status to Deleted. */
export function deletionLot(input: DeletionInput): Lot {
  const submissionSet = submissionSetOf(input, input.patientId);
  const { entryUuid, status } = input.target;
  return {
    submissionSet,
    entries: [],
    associations: [
      {
        kind: 'UpdateAvailabilityStatus',
        source: submissionSet.symbolicId,
        target: entryUuid,
        from: status,
        to: 'Deleted',
      },
    ],
  };
}

function submissionSetOf(context: LotContext, patientId: PatientIdentifier | null): SubmissionSet {
  const { request, structure, author, settings } = context;
  return {
    symbolicId: symbolicIds(context.lotUniqueId).lot,
    uniqueId: context.lotUniqueId,
    sourceId: context.sourceId,
    submissionTime: dtm(context.submissionTime),
    title: null,
    comments: null,
    author: lotAuthor(request, structure, author),
    contentTypeCode: settings.codes.contentTypeCode(request.stay?.class ?? null),
    patientId,
    intendedRecipients: [],
    extra: [],
  };
}

/**
 * Symbolic ids made from the lot's uniqueId: the same for every attempt of a lot, and never those of another lot, because
 * some registries remember the ids of earlier messages.
 */
export function symbolicIds(lotUniqueId: string): {
  lot: string;
  signature: string;
  document(index: number): string;
} {
  const tag = createHash('sha256').update(lotUniqueId).digest('hex').slice(0, 16);
  return { lot: `lot-${tag}`, signature: `sig-${tag}`, document: (index) => `doc-${tag}-${index + 1}` };
}

function memberships({ symbolicId }: SubmissionSet, entries: readonly DocumentEntry[]): Association[] {
  return entries.map((entry) => ({
    kind: 'HasMember',
    source: symbolicId,
    target: entry.symbolicId,
    status: 'Original',
  }));
}

type Replacement = Extract<Association, { kind: 'RPLC' }>;

/** Whether to replace is the request's decision; which document of the lot replaces which, the document's own link says. */
function replacementsOf({ documents, replaces = {} }: LotInput, entries: DocumentEntry[]): Replacement[] {
  return documents.flatMap(({ facts }, index) =>
    parentsOf(facts)
      .filter((uniqueId) => Object.hasOwn(replaces, uniqueId))
      .map((uniqueId) => ({
        kind: 'RPLC' as const,
        source: entries[index]!.symbolicId,
        target: replaces[uniqueId]!,
      })),
  );
}

function parentsOf({ related }: DocumentFacts): string[] {
  const replaced = related.filter(({ typeCode }) => typeCode === 'RPLC');
  return [...new Set(replaced.flatMap(({ ids }) => ids.map(({ root }) => root)))];
}

function unlinked({ replaces = {} }: LotInput, made: readonly Replacement[]): Finding[] {
  const linked = new Set(made.map(({ target }) => target));
  return Object.entries(replaces)
    .filter(([, entryUuid]) => !linked.has(entryUuid))
    .map(([uniqueId]) =>
      asFinding({ code: 'dmp.replaced-document-unlinked', path: 'relatedDocument', values: { uniqueId } }),
    );
}

/** Under a secret connection only what is hidden from the representatives of a minor may be deposited (sheet dmp-xds, 12). */
function judgeSecrecy({ secretConnection, visibility }: SubmissionRequest): Finding[] {
  if (!secretConnection || visibility.hiddenFromRepresentatives) return [];
  return [asFinding({ code: 'dmp.secret-connection-visible', path: '', severity: 'warning' })];
}

function judgeLot(entries: readonly DocumentEntry[]): Finding[] {
  const findings: Finding[] = [];
  const patients = entries.map(({ patientId }) => patientId && `${patientId.authority}^${patientId.value}`);
  if (new Set(patients).size > 1)
    findings.push(asFinding({ code: 'dmp.patients-differ', path: 'recordTarget/patientRole/id' }));
  if (new Set(entries.map(({ uniqueId }) => uniqueId)).size < entries.length)
    findings.push(asFinding({ code: 'dmp.duplicate-document', path: 'id' }));
  return findings;
}
