import type { NotEvaluated } from '../words/findings.ts';
import type { PublishedSet } from './published-set.ts';
import type { Source, Tables } from './tables.ts';

/** Metadata whose codes the DMP takes from a value set; of an author its function and specialty, of an act its modality. */
export type CodedAttribute =
  | 'typeCode'
  | 'classCode'
  | 'formatCode'
  | 'practiceSettingCode'
  | 'healthcareFacilityTypeCode'
  | 'confidentialityCode'
  | 'contentTypeCode'
  | 'authorSpecialty'
  | 'authorRole'
  | 'eventCode';

/**
 * The codes that one attribute may have. Only an official set, loaded by the operator from the agency's publication,
 * refuses; ours warns, because it may be older than the DMP's.
 */
export interface ValueSet {
  source: Source;
  /**
   * What a code that it does not have comes to. `refuses` and `advises`: loaded by the operator, an error and a warning;
   * `own`: our list, a warning; `none`: there is no list, and it has every code.
   */
  force: 'refuses' | 'advises' | 'own' | 'none';
  has(code: string, scheme: string): boolean;
}

export type ValueSets = Readonly<Record<CodedAttribute, ValueSet>>;

/** Our own sets, as `profiles/xds` has them. */
export function ownValueSets(tables: Tables): ValueSets {
  const { classes, contentTypes } = tables;
  return {
    typeCode: own(tables.types.sources[0]!, typeKeys(tables)),
    classCode: own(classes.sources[0]!, keys(classes.scheme, Object.keys(classes.codes))),
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
    contentTypeCode: own(
      contentTypes.sources[0]!,
      keys(contentTypes.scheme, Object.keys(contentTypes.labels)),
    ),
    authorSpecialty: unlisted('JDV_J56-AuthorSpecialty-DMP'),
    authorRole: unlisted('JDV_J47-FunctionCode-CISIS'),
    eventCode: unlisted('JDV_ModaliteAcquisition-CISIS'),
  };
}

/** The sets by which the DMP goes, of those that the operator loaded; a set of the CI-SIS is no substitute for one. */
export function officialSets(published: readonly PublishedSet[], now = Date.now): Partial<ValueSets> {
  const sets = published.flatMap(({ role, ...set }) =>
    role === 'refuses' || role === 'advises' ? [[set.attribute, official(set, role, now)] as const] : [],
  );
  return Object.fromEntries(sets);
}

function official(
  { source, attribute, codes }: Omit<PublishedSet, 'role'>,
  force: ValueSet['force'],
  now: () => number,
): ValueSet {
  const ends = new Map(codes.map(({ code, scheme, endsAt }) => [key(scheme, code), endsAt]));
  const schemes = new Set(codes.map(({ scheme }) => scheme));
  const open = (endsAt: number | null | undefined) =>
    endsAt === null || (endsAt !== undefined && endsAt > now());
  const has = (code: string, scheme: string) => open(ends.get(key(scheme, code)));
  // Acts come from many code systems, of which a set of modalities speaks of one.
  const about =
    attribute === 'eventCode'
      ? (code: string, scheme: string) => !schemes.has(scheme) || has(code, scheme)
      : has;
  return { source, force, has: about };
}

/** The value sets that did not refuse because the official ones are not loaded. */
export function unofficial(sets: ValueSets): NotEvaluated[] {
  return Object.values(sets)
    .filter(({ force }) => force === 'own' || force === 'none')
    .map(({ source, force }) => ({
      rule: source.set,
      reason:
        force === 'own'
          ? `official set not loaded; compared with Viaduc's own list of ${source.version}, which warns only`
          : 'official set not loaded; nothing was compared',
    }));
}

function unlisted(set: string): ValueSet {
  return { source: { set, oid: '', version: '' }, force: 'none', has: () => true };
}

function own(source: Source, codes: string[]): ValueSet {
  const known = new Set(codes);
  return { source, force: 'own', has: (code, scheme) => known.has(key(scheme, code)) };
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
