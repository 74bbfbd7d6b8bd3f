/** Public test matricules and synthetic ones, whose keys were computed apart from the code under test. */
export interface SoundMatricule {
  matricule: string;
  sex: 'M' | 'F';
  /** Birth date that goes with it, YYYYMMDD. */
  birth: string;
  place: string;
  root: 'NIR' | 'NIA';
}

type Row = [matricule: string, sex: 'M' | 'F', birth: string, place: string, root?: 'NIA'];

const ROWS: Row[] = [
  ['279035121518989', 'F', '19790328', '51215'],
  ['277076322082910', 'F', '19770714', '63220'],
  ['274075176079430', 'F', '19740701', '51760'],
  ['297022A02077878', 'F', '19970226', '2A020'],
  ['160012B02077713', 'M', '19600101', '2B020'],
  ['180032B02040123', 'M', '19800302', '2B020'],
  ['236066322083656', 'F', '19360621', '63220'],
  ['109076322083489', 'M', '20090714', '63220'],
  ['209076322083439', 'F', '20090714', '63220'],
  ['209066322012355', 'F', '20090601', '63220'],
  ['275126322074974', 'F', '19751231', '63220'],
  ['110086322083060', 'M', '20100807', '63220'],
  ['109076322088835', 'M', '20090701', '63220', 'NIA'],
  ['284202B32102528', 'F', '19841231', '2B321'],
  ['284992B32102531', 'F', '19841231', '2B321'],
  ['295109912611193', 'F', '19951003', '99126'],
  ['106099955391094', 'M', '20060901', '99553'],
  ['285017505609601', 'F', '19850115', '75056'],
  ['285017505609797', 'F', '19850115', '75056'],
  ['185019741100157', 'M', '19850115', '97411'],
  ['185019873500110', 'M', '19850115', '98735'],
  ['185019910900142', 'M', '19850115', '99109'],
  ['185019135200149', 'M', '19850115', '91352'],
];

export const SOUND: SoundMatricule[] = ROWS.map(([matricule, sex, birth, place, root]) => {
  return { matricule, sex, birth, place, root: root ?? 'NIR' };
});

/** Matricules with a fault, and every code they give under the root of test NIR in production. */
export const FAULTY: [written: string, codes: string[]][] = [
  ['279035121518988', ['ins.key-mismatch']],
  ['279035125118989', ['ins.key-mismatch']],
  ['221042545611404', ['ins.key-mismatch']],
  ['223042545611404', ['ins.key-mismatch']],
  ['222127505611201', ['ins.key-mismatch']],
  ['224027511583555', ['ins.key-mismatch']],
  ['276059205062865', ['ins.key-mismatch']],
  ['289057545611404', ['ins.key-mismatch']],
  ['276037510669380', ['ins.key-mismatch']],
  ['289062913400149', ['ins.key-mismatch']],
  ['147720425367411', ['ins.key-mismatch']],
  ['181036322045660', ['ins.key-mismatch']],
  ['281036322045610', ['ins.key-mismatch']],
  ['295109912611199', ['ins.key-range']],
  ['285017505600100', ['ins.key-range']],
  ['285017505609698', ['ins.key-range']],
  ['223145935012322', ['ins.month-invalid', 'ins.key-mismatch']],
  ['223005935012322', ['ins.month-invalid', 'ins.key-mismatch']],
  ['185137505600147', ['ins.month-invalid']],
  ['000017505600193', ['ins.sex-digit']],
  ['185017505600050', ['ins.order-zero']],
  ['2790351215189', ['ins.length']],
  ['2790351215189890', ['ins.length']],
  ['27903512151898 9', ['ins.not-normalised']],
  ['27903512151898\u00a09', ['ins.not-normalised']],
  ['2 79 03 51 215 189\u202f89', ['ins.not-normalised']],
  ['2.79.03.51.215.189-89', ['ins.not-normalised']],
  ['297022a02077878', ['ins.not-normalised']],
  ['297022C02077878', ['ins.format']],
  ['2A9703512151889', ['ins.format']],
  ['29702202A077878', ['ins.format']],
  ['27903512151898X', ['ins.format']],
  ['٢٧٩٠٣٥١٢١٥١٨٩٨٩', ['ins.format']],
];

/** What the keys of the faulty ones should have been. */
export const COMPUTED_KEYS: [matricule: string, key: string][] = [
  ['279035121518988', '89'],
  ['279035125118989', '76'],
  ['221042545611404', '83'],
  ['223042545611404', '82'],
  ['222127505611201', '47'],
  ['224027511583555', '12'],
  ['276059205062865', '83'],
  ['289057545611404', '73'],
  ['276037510669380', '26'],
  ['289062913400149', '46'],
  ['147720425367411', '30'],
  ['181036322045660', '76'],
  ['281036322045610', '26'],
  ['295109912611199', '93'],
  ['100017505600143', '43'],
];
