import { type Static, Type } from 'typebox';
import { REACHES } from './mail-reach.ts';
import { DATES, DENOMINATORS, NUMERATORS, UNITS } from './rules.ts';
import { oneOf, SettingsOverlaySchema } from './settings.ts';

const closed = { additionalProperties: false };

const namesOf = <T extends object>(table: T) => oneOf(Object.keys(table) as (keyof T & string)[]);

const identifier = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$', description });
const words = Type.Object({ fr: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, closed);
const oid = Type.String({ pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$', maxLength: 64 });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const WindowSchema = Type.Object(
  {
    id: identifier('name of the window'),
    from: day,
    to: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'last day, included' }),
  },
  closed,
);

const DocumentTypeSchema = Type.Object(
  {
    code: Type.String({ minLength: 1 }),
    codeSystem: oid,
    levels: Type.Optional(
      Type.Array(Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]), {
        minItems: 1,
        description: 'levels of the body that count; all when absent',
      }),
    ),
    templates: Type.Optional(
      Type.Object(
        {
          all: Type.Optional(Type.Array(oid, { description: 'every one of them must be there' })),
          none: Type.Optional(Type.Array(oid, { description: 'none of them may be there' })),
        },
        closed,
      ),
    ),
    aroundDischarge: Type.Optional(
      Type.Boolean({ description: 'its own date must lie near discharge (settings prescriptionHours…)' }),
    ),
    when: Type.Optional(Type.String({ description: 'setting that switches this type on' })),
  },
  closed,
);

const RefusedTypeSchema = Type.Object({ code: Type.String({ minLength: 1 }), why: words }, closed);

/** Percent to reach; `true` for an indicator that is done or not. */
const TargetSchema = Type.Union([Type.Integer({ minimum: 1, maximum: 100 }), Type.Literal(true)]);

const rulesOf = {
  unit: oneOf(UNITS),
  numerator: namesOf(NUMERATORS),
  denominator: namesOf(DENOMINATORS),
  date: namesOf(DATES),
};

/** How far a mail must have come to count; of mail numerators only. */
const counts = Type.Optional(
  oneOf(REACHES, { description: 'how far a mail must have come to count; relayed when absent' }),
);

const IndicatorSchema = Type.Object(
  {
    code: identifier('code of the programme'),
    label: words,
    status: oneOf(['official', 'working']),
    bonus: Type.Optional(Type.Boolean()),
    ...rulesOf,
    counts,
    examKind: Type.Optional(oneOf(['BIO', 'IMG'])),
    scope: Type.Array(oneOf(['EJ', 'EG']), { minItems: 1 }),
    targets: Type.Optional(Type.Record(Type.String(), TargetSchema, { description: 'by window' })),
    target: Type.Optional(
      Type.Union([TargetSchema, Type.Null()], { description: 'for every period; null until one is set' }),
    ),
    documents: Type.Optional(
      Type.Array(DocumentTypeSchema, { description: 'document types that count; of mails all when absent' }),
    ),
    refused: Type.Optional(
      Type.Array(RefusedTypeSchema, { description: 'types that must never be mapped to this indicator' }),
    ),
    settings: Type.Optional(SettingsOverlaySchema),
  },
  closed,
);

const RulesOverlaySchema = Type.Partial(Type.Object({ ...rulesOf, counts }), closed);

const ReadingSchema = Type.Object(
  {
    id: identifier('name of the reading'),
    label: words,
    settings: Type.Optional(SettingsOverlaySchema),
    indicators: Type.Optional(Type.Record(Type.String(), RulesOverlaySchema)),
  },
  closed,
);

/** The form of a definition file; what one member must be to agree with another is checked in definitions.ts. */
export const DefinitionSchema = Type.Object(
  {
    id: identifier('name of the definition'),
    version: Type.String({ minLength: 1, maxLength: 40 }),
    label: words,
    windows: Type.Array(WindowSchema),
    settings: SettingsOverlaySchema,
    indicators: Type.Array(IndicatorSchema, { minItems: 1 }),
    readings: Type.Optional(Type.Array(ReadingSchema)),
  },
  closed,
);

export type DefinitionFile = Static<typeof DefinitionSchema>;
export type DefinedWindow = Static<typeof WindowSchema>;
export type DocumentType = Static<typeof DocumentTypeSchema>;
export type Target = Static<typeof TargetSchema>;
export type DefinedIndicator = Static<typeof IndicatorSchema>;
export type Reading = Static<typeof ReadingSchema>;
export type RulesOverlay = Static<typeof RulesOverlaySchema>;
