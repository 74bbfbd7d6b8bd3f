import type { CountedDocument } from '../words/figures.ts';
import type { DefinedIndicator, DocumentType } from './definitions.ts';
import type { Settings } from './settings.ts';

/** What decides to which indicators a document belongs; millions of documents are of a few hundred kinds. */
export interface DocumentKind {
  typeCode: string;
  typeCodeSystem: string | null;
  templateIds: readonly string[];
  level: 1 | 2 | 3;
}

export interface DocumentKinds {
  kinds: readonly DocumentKind[];
  /** Index of the kind of each document. */
  kindOf: Uint32Array;
}

export function documentKinds(documents: readonly CountedDocument[]): DocumentKinds {
  const indexes = new Map<string, number>();
  const kinds: DocumentKind[] = [];
  const kindOf = Uint32Array.from(documents, (document) => {
    const { typeCode, typeCodeSystem, templateIds, level } = document;
    const key = `${typeCode}|${typeCodeSystem}|${level}|${templateIds.join(' ')}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    indexes.set(key, kinds.length);
    return kinds.push({ typeCode, typeCodeSystem, templateIds, level }) - 1;
  });
  return { kinds, kindOf };
}

/** Whether and how documents of a kind are taken by an indicator. */
export const TAKEN = { no: 0, yes: 1, aroundDischarge: 2 } as const;

/** For each kind one of `TAKEN`: the first document type of the indicator that fits decides; without types all are taken. */
export function takenKinds(
  kinds: readonly DocumentKind[],
  indicator: Pick<DefinedIndicator, 'documents'>,
  settings: Settings,
): Uint8Array {
  if (!indicator.documents) return new Uint8Array(kinds.length).fill(TAKEN.yes);
  const types = (indicator.documents ?? []).filter(({ when }) => when === undefined || isOn(settings, when));
  return Uint8Array.from(kinds, (kind) => {
    const type = types.find((one) => fits(one, kind));
    if (!type) return TAKEN.no;
    return type.aroundDischarge ? TAKEN.aroundDischarge : TAKEN.yes;
  });
}

function isOn(settings: Settings, name: string): boolean {
  return settings[name as keyof Settings] === true;
}

function fits(type: DocumentType, kind: DocumentKind): boolean {
  if (type.code !== kind.typeCode || type.codeSystem !== kind.typeCodeSystem) return false;
  if (type.levels && !type.levels.includes(kind.level)) return false;
  const { all = [], none = [] } = type.templates ?? {};
  return (
    all.every((id) => kind.templateIds.includes(id)) && !none.some((id) => kind.templateIds.includes(id))
  );
}
