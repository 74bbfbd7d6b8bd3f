/** What a mailbox is for: a person, a service, a software, or a practice. */
export type MailboxType = 'PER' | 'ORG' | 'APP' | 'CAB';

export interface Mailbox {
  address: string;
  type: MailboxType | null;
  /** Valid, but not to be published or shown. */
  redListed: boolean;
  /** Whether its holder takes documents without paper; null when it does not say, which is no refusal. */
  digitization: boolean | null;
  description: string | null;
  /** 1 is the one that its holder prefers. */
  rank: number | null;
}

/** A person, one of their activities, or a structure, as the directory publishes it. */
export interface Holder {
  kind: 'Practitioner' | 'PractitionerRole' | 'Organization';
  id: string;
  name: string | null;
  /** RPPS, FINESS and others, each in its system. */
  identifiers: readonly { system: string; value: string }[];
  mailboxes: readonly Mailbox[];
  /** Id of the structure of an activity. */
  organization: string | null;
}

type Json = Readonly<Record<string, unknown>>;

const MESSAGING = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type';
const EXTENSIONS = 'https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition';
const METADATA = `${EXTENSIONS}/as-ext-mailbox-mss-metadata`;
const ROLE_NAME = `${EXTENSIONS}/as-ext-practitionerrole-name`;
const TYPES: readonly string[] = ['PER', 'ORG', 'APP', 'CAB'] satisfies MailboxType[];
const KINDS: readonly string[] = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
] satisfies Holder['kind'][];

/** What a resource says of a holder; null when it is none. Whatever is not of its form is passed over. */
export function readHolder(resource: unknown): Holder | null {
  const json = objectOf(resource);
  const { resourceType: kind, id } = json;
  if (typeof kind !== 'string' || !KINDS.includes(kind) || typeof id !== 'string') return null;
  return {
    kind: kind as Holder['kind'],
    id,
    name: nameOf(json),
    identifiers: listOf(json.identifier).flatMap(readIdentifier),
    mailboxes: listOf(json.telecom).flatMap(readMailbox),
    organization:
      /^Organization\/([\w.-]{1,64})$/.exec(textOf(objectOf(json.organization).reference) ?? '')?.[1] ?? null,
  };
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function readIdentifier({ system, value }: Json): Holder['identifiers'] {
  return typeof system === 'string' && typeof value === 'string' ? [{ system, value }] : [];
}

/** An organisation has ordinary addresses too: only what is marked as of MSSanté is a mailbox. */
function readMailbox({ system, value, rank, extension }: Json): Mailbox[] {
  const address = textOf(value);
  const extensions = listOf(extension);
  const metadata = extensions.find(({ url }) => url === METADATA);
  const coded = extensions.some(
    ({ url, valueCoding }) => url === MESSAGING && objectOf(valueCoding).code === 'MSSANTE',
  );
  if (system !== 'email' || address === null || !(metadata || coded)) return [];
  const said = new Map(listOf(metadata?.extension).map((one) => [one.url, one]));
  const digitization = said.get('digitization')?.valueBoolean;
  return [
    {
      address,
      type: typeOf(objectOf(said.get('type'))),
      redListed: said.get('listeRouge')?.valueBoolean === true,
      digitization: typeof digitization === 'boolean' ? digitization : null,
      description: textOf(said.get('description')?.valueString),
      rank: typeof rank === 'number' ? rank : null,
    },
  ];
}

function typeOf({ valueCode, valueCodeableConcept }: Json): MailboxType | null {
  const codes = [valueCode, ...listOf(objectOf(valueCodeableConcept).coding).map(({ code }) => code)];
  const found = codes.find((code) => typeof code === 'string' && TYPES.includes(code));
  return (found as MailboxType | undefined) ?? null;
}

/** Of a structure its name; of a person or an activity that of the person. */
function nameOf({ name, extension }: Json): string | null {
  if (typeof name === 'string') return textOf(name);
  const ofRole = listOf(extension).find(({ url }) => url === ROLE_NAME)?.valueHumanName;
  const human = ofRole === undefined ? listOf(name)[0] : objectOf(ofRole);
  if (!human) return null;
  const given = Array.isArray(human.given) ? human.given.filter((one) => typeof one === 'string') : [];
  const parts = [...given, textOf(human.family)].filter((part) => part !== null);
  return textOf(human.text) ?? textOf(parts.join(' '));
}
