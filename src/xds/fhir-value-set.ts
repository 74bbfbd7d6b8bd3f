import { schemeOf } from './code-systems.ts';
import {
  type Broken,
  dateOf,
  endOf,
  type Publication,
  type PublishedCode,
  unreadable,
} from './published-set.ts';

const EFFECTIVE = 'http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod';

/** The members of a FHIR R4 ValueSet that are read here. */
interface FhirValueSet {
  resourceType: 'ValueSet';
  name?: string;
  id?: string;
  identifier?: { value?: string }[];
  version?: string;
  status?: string;
  date?: string;
  extension?: { url?: string; valuePeriod?: { end?: string } }[];
  compose?: { include?: Include[]; exclude?: Include[] };
  expansion?: { contains?: { system?: string; code?: string }[] };
}

interface Include {
  system?: string;
  concept?: { code?: string }[];
  filter?: unknown[];
  valueSet?: unknown[];
}

/**
 * Reads a value set in the form of the national terminology server: a ValueSet in JSON that lists its codes, in `compose` or
 * in `expansion`. Code systems have FHIR addresses there, which become the schemes of XDS.
 * @throws ViaducError `xds.value-set-unreadable`
 */
export function readFhir(file: string, text: string): Publication {
  const broken = (why: Broken, about?: string) =>
    unreadable(file, { ...why, line: about === undefined ? null : lineOf(text, `"${about}"`) });
  const set = resourceOf(file, text);
  const oid = set.identifier
    ?.find(({ value }) => value?.startsWith('urn:oid:'))
    ?.value?.slice('urn:oid:'.length);
  if (!oid)
    throw broken({
      fr: 'le jeu ne dit pas son OID (identifier)',
      en: 'the set does not say its OID (identifier)',
    });
  const date = dateOf(set.date) ?? dateOf(set.version);
  if (date === null)
    throw broken({ fr: 'le jeu ne dit pas sa date (date)', en: 'the set does not say its date (date)' });
  const end = set.extension?.find(({ url }) => url === EFFECTIVE)?.valuePeriod?.end;
  return {
    name: set.name ?? set.id ?? '',
    oid,
    edition: set.version ?? date,
    date,
    endsAt: set.status === 'retired' ? Date.parse(date) : endOf(end),
    codes: codesOf(set, broken),
    pairs: [],
  };
}

function resourceOf(file: string, text: string): FhirValueSet {
  const set = parseJson(file, text);
  if (typeof set === 'object' && set !== null && 'resourceType' in set && set.resourceType === 'ValueSet')
    return set as FhirValueSet;
  throw unreadable(file, { fr: 'ce n’est pas un ValueSet de FHIR', en: 'this is no FHIR ValueSet', line: 1 });
}

/** @throws ViaducError `xds.value-set-unreadable` with the line of what is no JSON */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, line] = /line (\d+)/.exec((error as Error).message) ?? [];
    throw unreadable(
      file,
      {
        fr: 'ce n’est pas du JSON bien formé',
        en: 'this is not well-formed JSON',
        line: line === undefined ? text.split('\n').length : Number(line),
      },
      error,
    );
  }
}

type Complain = (why: Broken, about?: string) => Error;

function codesOf(set: FhirValueSet, broken: Complain): PublishedCode[] {
  const expanded = set.expansion?.contains?.map(({ system, code }) => ({
    system,
    concept: [{ code: code ?? '' }],
  }));
  const excluded = new Set(
    listed(set.compose?.exclude ?? [], broken).map(({ code, scheme }) => `${scheme}|${code}`),
  );
  const codes = listed(expanded ?? set.compose?.include ?? [], broken);
  if (codes.length === 0) throw broken({ fr: 'le jeu n’a aucun code', en: 'the set has no code' });
  return codes.filter(({ code, scheme }) => !excluded.has(`${scheme}|${code}`));
}

function listed(includes: readonly Include[], broken: Complain): PublishedCode[] {
  return includes.flatMap(({ system = '', concept, filter, valueSet }) => {
    if (!concept || filter || valueSet)
      throw broken(
        {
          fr: `le jeu prend des codes de ${system || 'un autre jeu'} sans les énumérer`,
          en: `the set takes codes of ${system || 'another set'} without listing them`,
        },
        system,
      );
    const scheme = schemeOf(system);
    if (scheme === null)
      throw broken(
        {
          fr: `le système de codage ${system} n’est pas connu`,
          en: `the code system ${system} is not known`,
        },
        system,
      );
    return concept.map(({ code }) => {
      if (code) return { code, scheme, endsAt: null };
      throw broken({ fr: 'un concept n’a pas de code', en: 'a concept has no code' }, system);
    });
  });
}

function lineOf(text: string, found: string): number | null {
  const offset = text.indexOf(found);
  return offset < 0 ? null : text.slice(0, offset).split('\n').length;
}
