import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { indicatorError } from './errors.ts';
import { indicatorLimits } from './limits.ts';

/** One of some texts. */
export function oneOf<const C extends string>(choices: readonly C[], options: Type.TSchemaOptions = {}) {
  return Type.Unsafe<C>(Type.Enum([...choices], options));
}

const flag = (standard: boolean, description: string) => Type.Boolean({ default: standard, description });
const whole = (standard: number, maximum: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, default: standard, description });
const choice = <const C extends string>(choices: readonly C[], standard: C, description: string) =>
  oneOf(choices, { default: standard, description });
const texts = (standard: string[], description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { default: standard, description });

/**
 * Every reading of the programme that is not sure is a setting here: its name, what it may be, and its default, which a
 * definition, an indicator of it, a tenant or a named reading may change. A definition that does not name a setting takes
 * the default, so that a setting added later does not change an older definition.
 */
export const SettingsSchema = Type.Object(
  {
    graceDays: whole(
      0,
      indicatorLimits.graceDays.value,
      'local days after the period in which a deposit still counts (variant official)',
    ),
    targetReached: choice(['at-least', 'above'], 'at-least', 'whether a value equal to the target meets it'),
    coverageWarnPercent: whole(95, 100, 'coverage below this is marked low'),
    replacementDate: choice(
      ['first', 'last'],
      'first',
      'which version gives the dates of a replaced document: with last, the version now in force must itself have been accepted in time',
    ),
    deletedCounts: flag(false, 'a document deleted after it was accepted still counts'),
    excludeSessions: flag(true, 'stays of class R or marked as sessions leave the denominator'),
    excludeEmergency: flag(true, 'stays of class E leave the denominator'),
    excludeOutPatients: flag(true, 'stays of class N or O leave the denominator'),
    excludeDeaths: flag(false, 'stays that ended by death leave the denominator'),
    deathDischargeModes: texts(['9'], 'discharge modes that mean death'),
    excludeNewborns: flag(false, "newborns (stays that name the mother's) leave the denominator"),
    excludeOpposed: flag(false, 'stays of patients opposed to the DMP leave the denominator'),
    excludeSecret: flag(true, 'secret stays (anonymous birth…) leave the denominator'),
    excludeForeignWithoutIns: flag(false, 'stays of foreign patients without INS leave the denominator'),
    transfersBetweenSites: choice(
      ['separate', 'joined'],
      'separate',
      'in the view of the legal entity, whether a transfer to another site makes one stay',
    ),
    transferHours: whole(
      24,
      168,
      'longest time between discharge at one site and admission at the other of a joined transfer',
    ),
    prescriptionHoursBefore: whole(
      48,
      8760,
      'hours before discharge from which a prescription is one of discharge',
    ),
    prescriptionHoursAfter: whole(
      48,
      8760,
      'hours after discharge until which a prescription is one of discharge',
    ),
    acceptStayReports: flag(false, 'DS1.1 also takes 34112-3 (hospital stay report)'),
    acceptEpisodeSummaries: flag(false, 'DS1.1 also takes 34133-9 (episode summary)'),
    acceptEmergencyReports: flag(false, 'DS1.1 also takes 15507-7 (emergency report)'),
    acceptOtherPrescriptions: flag(false, 'DS1.2 also takes 57828-6, 57832-8 and the French PRESC codes'),
    acceptProcedureNotes: flag(false, 'DS1.3 also takes 34875-5, 11505-5, 77436-4 and 15508-5'),
    inHouseOnly: flag(true, 'exams made by another laboratory or imaging department leave the denominator'),
    examPatients: choice(
      ['all', 'in-patients'],
      'all',
      'whether exams outside hospital stays (class I) are in the denominator',
    ),
    ownLaboratory: flag(true, 'the legal entity owns a laboratory; without one DS2 is not applicable'),
    ownImaging: flag(true, 'the legal entity owns an imaging department; without one DS3 is not applicable'),
    mailsWithoutIns: flag(
      false,
      'documents mailed without any INS count; those of an INS of another environment never do',
    ),
    stayNumberCase: choice(['keep', 'upper'], 'keep', 'capitals before stay numbers are compared'),
    stayNumberLeadingZeros: choice(
      ['keep', 'strip'],
      'keep',
      'leading zeros before stay numbers are compared',
    ),
    stayNumberPrefixes: texts([], 'prefixes removed before stay numbers are compared, the first that fits'),
    swappedStayNumbers: flag(
      false,
      'PID-18 is also looked up among visit numbers and PV1-19 among file numbers',
    ),
    inferStays: flag(true, 'without number, a stay is looked for by patient and days'),
    inferredDays: whole(1, 7, 'days by which admission and discharge may differ in that search'),
    inferredCounts: flag(false, 'documents of inferred stays count; otherwise they are a figure apart'),
  },
  { additionalProperties: false },
);

export type Settings = Static<typeof SettingsSchema>;
export type SettingName = keyof Settings;

/** Some settings by name; the others stay as they are. */
export const SettingsOverlaySchema = Type.Partial(SettingsSchema, { additionalProperties: false });
export type SettingsOverlay = Static<typeof SettingsOverlaySchema>;

export const DEFAULT_SETTINGS: Readonly<Settings> = Object.freeze(Value.Create(SettingsSchema));

/** Names of the settings that are a yes or a no: what `when` of a document type may refer to. */
export const FLAG_NAMES = Object.entries(SettingsSchema.properties)
  .filter(([, schema]) => 'type' in schema && schema.type === 'boolean')
  .map(([name]) => name) as readonly SettingName[];

/** Settings one over the other, the last prevails. */
export function withOverlays(...overlays: readonly (SettingsOverlay | undefined)[]): Settings {
  return Object.assign({ ...DEFAULT_SETTINGS }, ...overlays);
}

/**
 * Checks settings that come from outside a definition, such as a tenant's.
 * @throws ViaducError indicators.setting-invalid
 */
export function checkOverlay(given: unknown): SettingsOverlay {
  if (Value.Check(SettingsOverlaySchema, given)) return given;
  const [error] = Value.Errors(SettingsOverlaySchema, given);
  const setting = error!.instancePath.split('/')[1] ?? '';
  throw indicatorError('indicators.setting-invalid', { setting, what: error!.message });
}

/** Settings that change what is linked to what; facts are indexed once for each of their combinations. */
const LINKING: readonly SettingName[] = [
  'stayNumberCase',
  'stayNumberLeadingZeros',
  'stayNumberPrefixes',
  'swappedStayNumbers',
  'inferStays',
  'inferredDays',
];

/** Equal for settings under which facts are linked in the same way. */
export function linkingKey(settings: Settings): string {
  return JSON.stringify(LINKING.map((name) => settings[name]));
}
