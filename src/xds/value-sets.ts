import type { NotEvaluated } from '../words/findings.ts';
import type { Source, Tables } from './tables.ts';

/** Metadata whose codes the DMP takes from a value set. */
export type CodedAttribute =
  | 'typeCode'
  | 'classCode'
  | 'formatCode'
  | 'practiceSettingCode'
  | 'healthcareFacilityTypeCode'
  | 'confidentialityCode';

/**
 * The codes that one attribute may have. Only an official set, loaded by the operator from the agency's publication,
 * refuses; ours warns, because it may be older than the DMP's.
 */
export interface ValueSet {
  source: Source;
  official: boolean;
  has(code: string, scheme: string): boolean;
}

export type ValueSets = Readonly<Record<CodedAttribute, ValueSet>>;

/** Our own sets, as `profiles/xds` has them. */
export function ownValueSets(tables: Tables): ValueSets {
  return {
    typeCode: own(tables.types.sources[0]!, typeKeys(tables)),
    classCode: own(
      tables.classes.sources[0]!,
      keys(tables.classes.scheme, Object.keys(tables.classes.codes)),
    ),
    formatCode: own(tables.formats.sources[1]!, formatKeys(tables)),
    practiceSettingCode: own(
      tables.practiceSettings.sources[0]!,
      labelledKeys(tables.practiceSettings.codes),
    ),
    healthcareFacilityTypeCode: own(tables.facilities.sources[0]!, labelledKeys(tables.facilities.codes)),
    confidentialityCode: own(
      tables.confidentiality.sources[0]!,
      labelledKeys([tables.confidentiality.base, tables.confidentiality.visibility]),
    ),
  };
}

/** The value sets that did not refuse because they are our own. */
export function unofficial(sets: ValueSets): NotEvaluated[] {
  return Object.values(sets)
    .filter((set) => !set.official)
    .map(({ source }) => ({
      rule: source.set,
      reason: `official set not loaded; compared with Viaduc's own list of ${source.version}, which warns only`,
    }));
}

function own(source: Source, codes: string[]): ValueSet {
  const known = new Set(codes);
  return { source, official: false, has: (code, scheme) => known.has(key(scheme, code)) };
}

function key(scheme: string, code: string): string {
  return `${scheme}|${code}`;
}

function keys(scheme: string, codes: string[]): string[] {
  return codes.map((code) => key(scheme, code));
}

function labelledKeys(
  groups: readonly { scheme: string; labels: Record<string, string>; others?: string[] }[],
): string[] {
  return groups.flatMap(({ scheme, labels, others }) =>
    keys(scheme, [...Object.keys(labels), ...(others ?? [])]),
  );
}

function typeKeys({ types }: Tables): string[] {
  return types.codes.flatMap(({ scheme, types: rows }) =>
    keys(
      scheme,
      Object.keys(rows).filter((code) => rows[code]!.dmp !== false),
    ),
  );
}

function formatKeys({ formats }: Tables): string[] {
  const all = [
    formats.unknownTemplate,
    ...Object.values(formats.mediaTypes),
    ...Object.values(formats.templates),
  ];
  return all
    .filter((code) => !formats.notAccepted.includes(code))
    .map((code) => key(formatScheme(formats, code), code));
}

/** The scheme of a format: that of the longest prefix in the table. */
export function formatScheme({ schemes }: Tables['formats'], code: string): string {
  const prefixes = Object.keys(schemes).filter((prefix) => code.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? '' : schemes[longest]!;
}
