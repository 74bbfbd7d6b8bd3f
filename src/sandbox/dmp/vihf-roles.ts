/** Code system and codes of a value of the attribute role. */
interface RoleSystem {
  system: string;
  codes: RegExp;
}

/** What the first value may be (JDV_J65-SubjectRole-DMP; sheet dmp-xds, 4.3). */
const FIRST: readonly RoleSystem[] = [
  {
    system: '1.2.250.1.71.1.2.7',
    codes: /^(10|21|26|28|31|32|3[5-9]|40|50|60|69|70|80|8[1-6]|9[124568])$/,
  },
  { system: '1.2.250.1.71.1.2.8', codes: /^(10|21|40|50)$/ },
  { system: '1.2.250.1.213.1.6.1.109', codes: /^(7[123]|93|97)$/ },
  { system: '1.2.250.1.213.1.6.1.4', codes: /^(4[1-9]|5[1-3])$/ },
  { system: '1.2.250.1.213.1.6.1.140', codes: /^99$/ },
  {
    system: '1.2.250.1.213.1.1.4.6',
    codes: /^(AUTOMATE|DISPOSITIF|SECRETARIAT_MEDICAL|ALIM_AM|EXP_PATIENT)$/,
  },
];

/** The second value that a first one demands: know-how of a physician, section of a pharmacist, care role. */
const SECOND: Readonly<Record<string, RoleSystem>> = {
  '10^1.2.250.1.71.1.2.7': {
    system: '1.2.250.1.71.4.2.5',
    codes: /^(SM(0[1-9]|[1-8]\d|9[0-5])|(SCD|SI|CEX|C|CAPA|DSM|SCH|PAC)\d{2,3})$/,
  },
  '21^1.2.250.1.71.1.2.7': { system: '1.2.250.1.71.4.2.6', codes: /^(A|B|C|D|DA|DM|E|E[A-H]|G|H|M)$/ },
  '99^1.2.250.1.213.1.6.1.140': { system: '1.2.250.1.213.1.6.1.107', codes: /^3([0-2]\d|5[0-2])$/ },
};

/** Second values that any other profession may have: functions and genres of activity. */
const ADDED: readonly RoleSystem[] = [
  { system: '1.2.250.1.213.1.6.1.17', codes: /^FON-?\w+$/ },
  { system: '1.2.250.1.213.1.6.1.19', codes: /^GENR\w+$/ },
];

/** Whether the values of the attribute role, each `code^codeSystem`, are ones that the DMP takes. */
export function judgeRoles(roles: readonly string[]): 'right' | 'wrong' | 'without speciality' {
  const [first = '', second = '', ...others] = roles;
  if (others.length > 0 || !FIRST.some((one) => holds(one, first))) return 'wrong';
  const needed = SECOND[first];
  if (needed) return holds(needed, second) ? 'right' : 'without speciality';
  return roles.length < 2 || ADDED.some((one) => holds(one, second)) ? 'right' : 'wrong';
}

function holds({ system, codes }: RoleSystem, value: string): boolean {
  const [code = '', codeSystem] = value.split('^');
  return codeSystem === system && codes.test(code);
}
