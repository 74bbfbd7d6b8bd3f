import { type Static, Type } from 'typebox';
import type { Ins } from './formats.ts';
import type { Switches } from './switches.ts';

const closed = { additionalProperties: false };

const TraitsSchema = Type.Object(
  {
    family: Type.String({ minLength: 1, maxLength: 100, description: 'birth name' }),
    given: Type.String({ minLength: 1, maxLength: 100, description: 'birth given names, blanks between' }),
    birthDate: Type.String({ pattern: '^[0-9]{8}$', description: 'YYYYMMDD' }),
    sex: Type.Union([Type.Literal('F'), Type.Literal('M')]),
  },
  { ...closed, description: 'strict traits; what documents and metadata say of the patient must match them' },
);

export type Traits = Static<typeof TraitsSchema>;

/** A patient as the simulated DMP knows it: an INS and the state of its record. */
export const PatientSchema = Type.Object(
  {
    matricule: Type.String({
      pattern: '^[0-9]{5}([0-9]{2}|2A|2B)[0-9]{8}$',
      description: '15 characters, key included',
    }),
    root: Type.String({ pattern: '^[0-9.]+$', description: 'OID of the INS' }),
    label: Type.String({ maxLength: 200, description: 'public test identity' }),
    traits: Type.Optional(TraitsSchema),
    dmp: Type.Union([
      Type.Object(
        {
          state: Type.Literal('open'),
          authorisation: Type.Optional(
            Type.String({ pattern: '^[A-Z_]+$', description: 'AUTORISATION of TD0.2; VALIDE when absent' }),
          ),
          nationalSpace: Type.Optional(
            Type.Boolean({ description: 'attached to Mon espace santé; true when absent' }),
          ),
        },
        closed,
      ),
      Type.Object({ state: Type.Literal('closed'), reason: Type.String({ maxLength: 200 }) }, closed),
      Type.Object({ state: Type.Literal('absent') }, closed),
    ]),
  },
  closed,
);

export type DmpPatient = Static<typeof PatientSchema>;

const TEST_ROOT = '1.2.250.1.213.1.4.10';
const NIA_ROOT = '1.2.250.1.213.1.4.9';

const traits = (family: string, given: string, birthDate: string, sex: Traits['sex']): Traits => ({
  family,
  given,
  birthDate,
  sex,
});

/** A patient with an open DMP, unless `more` says otherwise. */
const listed = (
  matricule: string,
  label: string,
  known: Traits | null,
  more: Partial<DmpPatient> = {},
): DmpPatient => ({
  matricule,
  root: TEST_ROOT,
  label,
  ...(known && { traits: known }),
  dmp: { state: 'open' },
  ...more,
});

const ECETINSI = traits('ECETINSI', 'PIERRE-ALAIN MURIEL FLORIANT', '20090714', 'M');

/**
 * The patients of a simulator that is given no others: public identities of the CNDA's and the ANS's test material, of each
 * category of DMP. An INS that is not listed is open unless the switch says otherwise.
 */
export const TEST_PATIENTS: readonly DmpPatient[] = [
  listed(
    '279035121518989',
    'PAT-TROIS DOMINIQUE, F, 1979-03-28',
    traits('PAT-TROIS', 'DOMINIQUE', '19790328', 'F'),
  ),
  listed(
    '297022A02077878',
    'ADRTROIS DOMINIQUE, F, 1997-02-26',
    traits('ADRTROIS', 'DOMINIQUE', '19970226', 'F'),
  ),
  listed(
    '160012B02077713',
    'ADRTROIS TOUSSAINT, M, 1960-01-01',
    traits('ADRTROIS', 'TOUSSAINT', '19600101', 'M'),
    {
      dmp: { state: 'open', authorisation: 'INTERDITE' },
    },
  ),
  listed(
    '236066322083656',
    'TCHITCHI CATARINA BELLA, F, 1936-06-21',
    traits('TCHITCHI', 'CATARINA BELLA', '19360621', 'F'),
    { dmp: { state: 'open', nationalSpace: false } },
  ),
  listed('109076322083489', 'ECETINSI PIERRE-ALAIN, M, 2009-07-14', ECETINSI),
  listed('209076322083439', 'ECETINSI PIERRE-ALAIN, historic INS', ECETINSI),
  listed('209066322012355', 'ECETINSI PIERRE-ALAIN, historic INS', ECETINSI),
  listed('275126322074974', 'ADRUN ZOE, F, 1975-12-31', traits('ADRUN', 'ZOE', '19751231', 'F')),
  listed(
    '109076322088835',
    'PROVISOIRE MATRICULE, M, 2009-07-01 (NIA)',
    traits('PROVISOIRE', 'MATRICULE', '20090701', 'M'),
    { root: NIA_ROOT },
  ),
  listed('181036322045660', 'HERMANN GATIEN (the key is wrong in the public data too)', null),
  listed(
    '110086322083060',
    'NESSI MICHELANGELO ANTHONY, M, 2010-08-07',
    traits('NESSI', 'MICHELANGELO ANTHONY', '20100807', 'M'),
    { dmp: { state: 'closed', reason: 'à la demande du patient' } },
  ),
  listed('180032B02040123', 'CORSE ANTHONY, M, 1980-03-02', traits('CORSE', 'ANTHONY', '19800302', 'M'), {
    dmp: { state: 'absent' },
  }),
];

/** The patients that a running simulator knows. */
export class Patients {
  readonly #byIns = new Map<string, DmpPatient>();

  constructor(patients: readonly DmpPatient[]) {
    this.add(patients);
  }

  /** Adds patients, or changes those of the same INS. */
  add(patients: readonly DmpPatient[]): void {
    for (const one of patients) this.#byIns.set(`${one.matricule} ${one.root}`, one);
  }

  /** Forgets the patients known so far for others. */
  replace(patients: readonly DmpPatient[]): void {
    this.#byIns.clear();
    this.add(patients);
  }

  list(): DmpPatient[] {
    return [...this.#byIns.values()];
  }

  /** The traits of a listed patient, when they are known. */
  traitsOf(ins: Ins): Traits | undefined {
    return this.#byIns.get(`${ins.matricule} ${ins.root}`)?.traits;
  }

  /** How a listed patient is called; undefined for another. */
  labelOf(ins: Ins): string | undefined {
    return this.#byIns.get(`${ins.matricule} ${ins.root}`)?.label;
  }

  /** The state of the DMP of an INS: matricule and root together are the identity. */
  stateOf(ins: Ins, switches: Switches): DmpPatient['dmp'] {
    return this.#byIns.get(`${ins.matricule} ${ins.root}`)?.dmp ?? { state: switches.unlistedPatients };
  }
}
