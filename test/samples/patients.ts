/** What a sample must say of its patient. */
export interface Identity {
  matricule: string | null;
  family: string;
  /** The whole list of birth given names. */
  given: string;
  first: string;
  sex: string | null;
  birth: string | null;
  /** COG code of the birthplace. */
  place: string | null;
}

/** INS-NIR for tests. */
export const TEST_ROOT = '1.2.250.1.213.1.4.10';

type Traits = [family: string, given: string, sex: string, birth: string, place: string | null];

function identity(matricule: string | null, [family, given, sex, birth, place]: Traits): Identity {
  return { matricule, family, given, first: given.split(' ')[0]!, sex, birth, place };
}

const TOUSSAINT = identity('160012B02077713', ['ADRTROIS', 'TOUSSAINT', 'M', '19600101', '2B020']);
const TCHITCHI = identity('236066322083656', ['TCHITCHI', 'CATARINA BELLA', 'F', '19360621', '63220']);

/** Public test identities of the INSi teleservice and of the agency's examples, by sample. */
export const PATIENTS: Readonly<Record<string, Identity>> = {
  'documents/biology-level3.xml': TOUSSAINT,
  'documents/biology-level1.xml': TOUSSAINT,
  'documents/operative-report.xml': TOUSSAINT,
  'documents/imaging-report.xml': identity('297022A02077878', [
    'ADRTROIS',
    'DOMINIQUE',
    'F',
    '19970226',
    '2A020',
  ]),
  'documents/discharge-letter.xml': TCHITCHI,
  'documents/discharge-letter-v2.xml': TCHITCHI,
  'documents/discharge-prescription.xml': TCHITCHI,
  'documents/dmp-closed.xml': identity('110086322083060', [
    'NESSI',
    'MICHELANGELO ANTHONY',
    'M',
    '20100807',
    '63220',
  ]),
  'documents/dmp-absent.xml': identity('180032B02040123', ['CORSE', 'ANTHONY', 'M', '19800302', '2B020']),
  'documents/wrong-key.xml': identity('279035121518988', [
    'PAT-TROIS',
    'DOMINIQUE MARIE-LOUISE',
    'F',
    '19790328',
    '51215',
  ]),
  'documents/no-ins.xml': identity(null, ['HOUILLES', 'PIERRE PAUL JACQUES', 'M', '19930127', null]),
};

/** The key of 13 characters: 97 less the remainder by 97, Corsica counted as 19 and 18; written apart from src/identity. */
export function insKey(body: string): string {
  const digits = body.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');
  return String(97n - (BigInt(digits) % 97n)).padStart(2, '0');
}
