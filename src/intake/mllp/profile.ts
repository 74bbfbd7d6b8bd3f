import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import type { RulesPolicy } from '../../words/establishment.ts';
import { schemaComplaint } from '../../words/schema-words.ts';
import { mllpError } from './errors.ts';

const closed = { additionalProperties: false };
const charset = Type.Union([Type.Literal('utf-8'), Type.Literal('iso-8859-15'), Type.Literal('iso-8859-1')]);
const flag = Type.Union(
  (
    [
      'CONNEXION_SECRETE',
      'MODIF_CONF_CODE',
      'DESTDMP',
      'DESTMSSANTEPS',
      'DESTMSSANTEPAT',
      'ACK_RECEPTION',
      'ACK_LECTURE_MSS',
    ] as const
  ).map((one) => Type.Literal(one)),
);

/** Required fields that a profile may tolerate: nothing that is done rests on them alone. */
const TOLERATED = [
  ...(['MSH-7', 'MSH-17', 'MSH-18', 'EVN-2', 'TXA-1', 'TXA-3'] as const),
  ...(['OBX-5.3', 'OBX-5.4', 'PID-7', 'PID-8'] as const),
] as const;

export type ToleratedField = (typeof TOLERATED)[number];

const InterfaceSchema = Type.Object(
  {
    name: Type.String(),
    orders: Type.Union([Type.Literal('required'), Type.Literal('optional')]),
    neutralOrders: Type.Array(Type.String()),
    orderType: Type.Boolean(),
    authenticated: Type.Array(Type.String()),
    documents: Type.Integer({ minimum: 1, maximum: 2 }),
  },
  closed,
);

/** A file of `profiles/senders/`: how a product speaks the interface. */
const SenderProfileSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    title: Type.Object({ fr: Type.String(), en: Type.String() }, closed),
    charset: Type.Union([charset, Type.Null()]),
    acknowledge: Type.Union([Type.Literal('same'), charset]),
    otherwise: Type.String(),
    interfaces: Type.Record(Type.String(), InterfaceSchema),
    aliases: Type.Record(Type.String(), Type.String()),
    ignored: Type.Array(Type.String()),
    assumed: Type.Array(flag),
    tolerated: Type.Array(Type.Union(TOLERATED.map((one) => Type.Literal(one)))),
    emptyCancellation: Type.Union([Type.Literal('file'), Type.Literal('visit')]),
    traits: Type.Union([Type.Literal('refuse'), Type.Literal('warn')]),
    mailDomains: Type.Array(Type.String()),
    patientAddress: Type.Union([Type.Literal('refuse'), Type.Literal('leave-out')]),
    rules: Type.Optional(
      Type.Object(
        {
          packs: Type.Optional(Type.Array(Type.String())),
          editions: Type.Optional(Type.Array(Type.String())),
          mode: Type.Optional(Type.Union([Type.Literal('observe'), Type.Literal('enforce')])),
          notEvaluated: Type.Optional(Type.Union([Type.Literal('accept'), Type.Literal('refuse')])),
        },
        {
          ...closed,
          description: 'by which rules its documents are judged, unless its sender says otherwise',
        },
      ),
    ),
  },
  closed,
);

export type SenderProfile = Static<typeof SenderProfileSchema>;
export type InterfaceProfile = Static<typeof InterfaceSchema>;

/** The profile of a sender that names none. */
export const DEFAULT_PROFILE = 'ci-sis';

/**
 * Reads the profiles of folders, later ones over earlier ones; one may extend another and say what differs.
 * @throws ViaducError `profile.unreadable` with file and member
 */
export function readProfiles(folders: readonly string[]): ReadonlyMap<string, SenderProfile> {
  const raw = new Map<string, { file: string; content: Raw }>();
  for (const folder of folders) {
    for (const file of globSync('*.yaml', { cwd: folder }).toSorted()) {
      const content = readYaml(join(folder, file));
      raw.set(String(content.id ?? file), { file, content });
    }
  }
  return new Map([...raw].map(([id, { file }]) => [id, checked(file, whole(id, raw, []))]));
}

type Raw = Record<string, unknown>;

function readYaml(path: string): Raw {
  try {
    const content: unknown = parse(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null) return content as Raw;
  } catch (error) {
    throw mllpError('profile.unreadable', { file: path, what: (error as Error).message.split('\n')[0]! });
  }
  throw mllpError('profile.unreadable', { file: path, what: 'is empty' });
}

/** A profile with everything that it takes from the one that it extends. */
function whole(id: string, raw: ReadonlyMap<string, { file: string; content: Raw }>, seen: string[]): Raw {
  const found = raw.get(id);
  if (!found || seen.includes(id))
    throw mllpError('profile.unreadable', { file: seen[0] ?? id, what: `extends: '${id}'` });
  const { extends: base, ...own } = found.content;
  return base === undefined ? own : merged(whole(String(base), raw, [...seen, id]), own);
}

function merged(base: Raw, own: Raw): Raw {
  const result = { ...base };
  for (const [name, value] of Object.entries(own)) {
    const before = result[name];
    result[name] = isRecord(before) && isRecord(value) ? merged(before, value) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checked(file: string, content: Raw): SenderProfile {
  const complaint = schemaComplaint(Value.Errors(SenderProfileSchema, content));
  if (complaint) {
    const { place, what } = complaint;
    throw mllpError('profile.unreadable', {
      file,
      what: { fr: `${place} ${what.fr}`, en: `${place} ${what.en}` },
    });
  }
  return content as SenderProfile;
}

/** What the interface version of a message allows; null when the profile does not know it. */
export function interfaceOf(profile: SenderProfile, version: string, name: string): InterfaceProfile | null {
  if (version === '' && name === '') return profile.interfaces[profile.otherwise] ?? null;
  const found = Object.hasOwn(profile.interfaces, version) ? profile.interfaces[version]! : null;
  return found?.name === name ? found : null;
}

/** By which rules documents of a sender are judged: what its policy says goes before its profile. */
export function rulesOf(profile: SenderProfile, policy: RulesPolicy | undefined): RulesPolicy | undefined {
  return profile.rules || policy ? ({ ...profile.rules, ...policy } as RulesPolicy) : undefined;
}
