/** Files of value sets as the agency publishes them, written here with a few codes. */

export interface Written {
  set: string;
  oid: string;
  /** ISO 8601 date. */
  date: string;
  codes: readonly { code: string; scheme: string; until?: string }[];
  until?: string;
}

/** The form of the packs: SVS, one line for each code from the sixth on. */
export function asSvs({ set, oid, date, codes, until = '' }: Written): string {
  const compact = `${date.replaceAll('-', '')}120000`;
  const concepts = codes.map(
    ({ code, scheme, until: end = '' }) =>
      `<Concept code="${code}" codeSystem="${scheme}" displayName="essai" dateFin="${end}"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008">',
    `<ValueSet id="${oid}" displayName="${set.replaceAll('-', '_')}.tabs" dateMaj="${compact}" dateFin="${until}">`,
    '<ConceptList>',
    ...concepts,
    '</ConceptList></ValueSet></RetrieveValueSetResponse>',
  ].join('\n');
}

/** The form of the terminology server: a FHIR ValueSet. `scheme` of a code is the address of its code system. */
export function asFhir({ set, oid, date, codes, until }: Written): string {
  const systems = [...new Set(codes.map(({ scheme }) => scheme))];
  const effective = 'http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod';
  return JSON.stringify(
    {
      resourceType: 'ValueSet',
      id: set.replaceAll('_', '-'),
      extension: [{ url: effective, valuePeriod: { start: '2019-01-18T12:00:00+01:00', end: until } }],
      identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:oid:${oid}` }],
      version: `${date.replaceAll('-', '')}120000`,
      name: set.replaceAll('-', '_'),
      status: 'active',
      date: `${date}T12:00:00+01:00`,
      compose: {
        include: systems.map((system) => ({
          system,
          concept: codes
            .filter(({ scheme }) => scheme === system)
            .map(({ code }) => ({ code, display: 'essai' })),
        })),
      },
    },
    null,
    2,
  );
}

/** A correspondence (ASS) in the form of the terminology server, of codes of one system. */
export function asConceptMap({
  map,
  oid,
  date,
  source,
  pairs,
}: {
  map: string;
  oid: string;
  date: string;
  /** FHIR address of the code system. */
  source: string;
  pairs: Readonly<Record<string, string>>;
}): string {
  const element = Object.entries(pairs).map(([code, to]) => ({
    code,
    target: [{ code: to, equivalence: 'equivalent' }],
  }));
  return JSON.stringify(
    {
      resourceType: 'ConceptMap',
      name: map.replaceAll('-', '_'),
      identifier: { value: `urn:oid:${oid}` },
      version: `${date.replaceAll('-', '')}120000`,
      status: 'active',
      date: `${date}T12:00:00+01:00`,
      group: [{ source, target: 'https://mos.esante.gouv.fr/NOS/x', element }],
    },
    null,
    2,
  );
}

const LOINC = '2.16.840.1.113883.6.1';

/** JDV_J66 with the types named, of LOINC. */
export function types(...codes: string[]): Written {
  return {
    set: 'JDV_J66-TypeCode-DMP',
    oid: '1.2.250.1.213.1.1.5.7',
    date: '2026-09-25',
    codes: codes.map((code) => ({ code, scheme: LOINC })),
  };
}
