import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityErrors } from '../../src/identity/errors.ts';
import { beginsList, comparableName } from '../../src/identity/names.ts';
import type { PatientFacts } from '../../src/words/document.ts';
import { SOUND } from './matricules.ts';
import { ARC, assess, codes, graded, id, PERSON, VALIDATED } from './person.ts';

const given = (list: string | null, first: string | null): Pick<PatientFacts, 'name'> => ({
  name: {
    ...PERSON.name,
    given: [
      ...(list === null ? [] : [{ value: list, qualifier: null }]),
      ...(first === null ? [] : [{ value: first, qualifier: 'BR' }]),
    ],
  },
});

describe('a complete and coherent INS', () => {
  test('is told as it is', () => {
    expect(assess()).toEqual({
      matricule: '279035121518989',
      oid: `${ARC}.10`,
      kind: 'TEST',
      keyOk: true,
      traitsComplete: true,
      missingTraits: [],
      status: 'VALI',
      qualified: true,
      evidence: { status: 'VALI', date: '2025-06-01', method: 'INSI' },
      depositAllowed: true,
      findings: [],
    });
  });

  test('is found by its root, not by its position', () => {
    expect(assess({ ids: PERSON.ids.toReversed() })).toMatchObject({ oid: `${ARC}.10`, findings: [] });
  });

  test.each(SOUND)(
    '$matricule agrees with the traits of its person',
    ({ matricule, sex, birth, place, root }) => {
      const suffix = root === 'NIR' ? '8' : '9';
      const assessment = assess({
        ids: [id(suffix, matricule)],
        gender: sex,
        birthTime: birth,
        birthPlace: place,
      });
      expect(graded(assessment)).toEqual(root === 'NIA' ? ['ins.root-body info'] : []);
      expect(assessment.depositAllowed).toBe(true);
    },
  );
});

describe('public identities of the national test base', () => {
  const person = (matricule: string, gender: string, birthTime: string, birthPlace: string, suffix = '10') =>
    assess({ ids: [id(suffix, matricule)], gender, birthTime, birthPlace });

  test('a place given with the old department of Corsica is the same place', () => {
    expect(graded(person('297022A02077878', 'F', '19970226', '20020'))).toEqual([
      'ins.birth-place-renamed info',
    ]);
  });

  test('and the message says which two codes they are', () => {
    const assessment = assess({
      ids: [id('8', '297022A02077878')],
      birthTime: '19970226',
      birthPlace: '20020',
    });
    expect(assessment.findings[0]?.message).toContain('(Corse)');
  });

  test('a historic INS, from before a change of sex, is a warning: only INSi knows', () => {
    expect(graded(person('209076322083439', 'M', '20090714', '63220'))).toEqual(['ins.sex-differs warning']);
    expect(graded(person('209066322012355', 'M', '20090714', '63220'))).toEqual([
      'ins.sex-differs warning',
      'ins.birth-month-differs warning',
    ]);
  });

  test('a waiting number that looks registered is information', () => {
    expect(graded(person('109076322088835', 'M', '20090701', '63220', '9'))).toEqual(['ins.root-body info']);
  });

  test('one has a wrong key: accepted with a warning outside production', () => {
    const assessment = person('181036322045660', 'M', '19810312', '63220');
    expect(graded(assessment)).toEqual(['ins.key-mismatch warning']);
    expect(assessment).toMatchObject({ keyOk: false, qualified: true, depositAllowed: true });
  });
});

describe('environments', () => {
  const inEnvironment = (environment: 'sandbox' | 'test' | 'production', suffix: string) =>
    assess({ ids: [id(suffix)] }, { environment });

  test.each([
    ['production', '10', 'ins.test-root-in-production'],
    ['production', '11', 'ins.test-root-in-production'],
    ['test', '8', 'ins.production-root-in-test'],
    ['test', '9', 'ins.production-root-in-test'],
  ] as const)('%s refuses .%s', (environment, suffix, code) => {
    const assessment = inEnvironment(environment, suffix);
    expect(graded(assessment)).toContain(`${code} error`);
    expect(assessment).toMatchObject({ qualified: false, depositAllowed: false });
  });

  test.each([
    ['production', '8'],
    ['test', '10'],
    ['test', '11'],
    ['sandbox', '8'],
    ['sandbox', '10'],
    ['sandbox', '11'],
  ] as const)('%s accepts .%s', (environment, suffix) => {
    expect(inEnvironment(environment, suffix)).toMatchObject({ findings: [], depositAllowed: true });
  });

  test('a wrong key blocks in production and only there', () => {
    const allowed = (environment: 'sandbox' | 'test' | 'production', suffix: string) =>
      assess({ ids: [id(suffix, '279035121518988')] }, { environment }).depositAllowed;
    expect([allowed('sandbox', '8'), allowed('test', '10'), allowed('production', '8')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('identifiers', () => {
  test('no INS: an error for a request, a warning for a mere validation', () => {
    const ids = [{ root: '1.2.3', extension: '1' }];
    expect(graded(assess({ ids }))).toEqual(['ins.absent error']);
    expect(graded(assess({ ids }, { identity: null }))).toEqual(['ins.absent warning']);
    expect(assess({ ids })).toMatchObject({
      kind: 'NONE',
      matricule: null,
      oid: null,
      qualified: false,
      depositAllowed: false,
    });
  });

  test('no INS where no destination needs one is a warning, and still no deposit', () => {
    const assessment = assess({ ids: [] }, { insRequired: false });
    expect(graded(assessment)).toEqual(['ins.absent warning']);
    expect(assessment.depositAllowed).toBe(false);
  });

  test('an INS of somebody else in the document is not looked at: no patient, no INS', () => {
    expect(assess({}, { patient: null })).toMatchObject({
      kind: 'NONE',
      missingTraits: expect.arrayContaining(['sex']),
    });
    expect(codes(assess({}, { patient: null }))).toEqual(['ins.absent']);
  });

  test('two different INS, active and historic, are an error at the second', () => {
    const assessment = assess({
      ids: [id('10', '109076322083489'), id('10', '209076322083439')],
      gender: 'M',
      birthTime: '20090714',
      birthPlace: '63220',
    });
    expect(assessment.findings).toMatchObject([
      { code: 'ins.multiple', source: 'ins', severity: 'error', location: 'recordTarget/patientRole/id[2]' },
    ]);
    expect(assessment).toMatchObject({ qualified: false, depositAllowed: false });
  });

  test('one matricule under two roots is two INS', () => {
    expect(codes(assess({ ids: [id('8'), id('10')] }))).toEqual(['ins.multiple']);
    expect(codes(assess({ ids: [id('10'), id('8')] }, { environment: 'production' }))).toEqual([
      'ins.test-root-in-production',
      'ins.multiple',
    ]);
  });

  test('of two INS the one whose root the environment accepts is the one that the document is about', () => {
    const ids = [id('8', '160012B02077713'), id('10')];
    expect(assess({ ids }, { environment: 'test' })).toMatchObject({
      ...{ oid: `${ARC}.10`, matricule: '279035121518989', kind: 'TEST' },
    });
    expect(assess({ ids }, { environment: 'production' })).toMatchObject({ oid: `${ARC}.8`, kind: 'NIR' });
  });

  test('the same INS twice is one', () => {
    expect(assess({ ids: [id('10'), id('10')] })).toMatchObject({ findings: [], depositAllowed: true });
  });

  test('every INS is checked, not only the first', () => {
    expect(codes(assess({ ids: [id('10'), id('10', '2790')] }))).toEqual(['ins.multiple', 'ins.length']);
  });

  test.each(['2', '13', '14'])('.%s alone is no INS', (suffix) => {
    expect(graded(assess({ ids: [id(suffix)] }))).toEqual(['ins.legacy-root warning', 'ins.absent error']);
  });

  test('a social-security number beside the INS is told and ignored', () => {
    const assessment = assess({ ids: [id('13', '160012B02077713'), id('10')] });
    expect(assessment.findings).toMatchObject([
      { code: 'ins.legacy-root', severity: 'warning', location: 'recordTarget/patientRole/id' },
    ]);
    expect(assessment).toMatchObject({ matricule: '279035121518989', depositAllowed: true });
  });

  test.each([null, '', '  '])('an INS root with the extension %j has no matricule', (extension) => {
    const assessment = assess({ ids: [id('10', extension)] });
    expect(graded(assessment)).toEqual(['ins.matricule-missing error']);
    expect(assessment).toMatchObject({ kind: 'TEST', matricule: null, keyOk: false, qualified: false });
  });

  test('spaces around the root are told, and the root is taken without them', () => {
    const assessment = assess({ ids: [{ root: ` ${ARC}.10 `, extension: '279035121518989' }] });
    expect(graded(assessment)).toEqual(['ins.root-spaces warning']);
    expect(assessment.oid).toBe(`${ARC}.10`);
  });

  test('a matricule with separators is given normalised, and refused: the document would leave as it is', () => {
    const assessment = assess({ ids: [id('10', '2 79 03 51 215 189 89')] });
    expect(graded(assessment)).toEqual(['ins.not-normalised error']);
    expect(assessment).toMatchObject({ matricule: '279035121518989', keyOk: true, depositAllowed: false });
  });
});

describe('the five strict traits', () => {
  const family = (value: string, qualifier: string | null) => ({
    name: { ...PERSON.name, family: [{ value, qualifier }] },
  });

  test.each([
    ['birth-name', 'ins.trait-missing', family('', 'BR')],
    ['birth-name', 'ins.trait-missing', family('PAT-TROIS', 'CL')],
    ['birth-given-names', 'ins.trait-missing', given(null, 'DOMINIQUE')],
    ['first-given-name', 'ins.trait-missing', given('DOMINIQUE MARIE-LOUISE', null)],
    ['birth-date', 'ins.trait-missing', { birthTime: null }],
    ['birth-date', 'ins.birth-time-malformed', { birthTime: '19790230' }],
    ['birth-date', 'ins.birth-time-malformed', { birthTime: '28/03/1979' }],
    ['birth-date', 'ins.birth-time-precision', { birthTime: '197903' }],
    ['birth-date', 'ins.birth-time-precision', { birthTime: '1979' }],
    ['sex', 'ins.trait-missing', { gender: null }],
    ['sex', 'ins.gender-un', { gender: 'UN' }],
    ['sex', 'ins.gender-invalid', { gender: 'f' }],
    ['birth-place', 'ins.trait-missing', { birthPlace: null }],
    ['birth-place', 'ins.birth-place-unknown', { birthPlace: '99999' }],
    ['birth-place', 'ins.county-format', { birthPlace: '5121' }],
    ['birth-place', 'ins.county-format', { birthPlace: '2C020' }],
    ['birth-place', 'ins.county-format', { birthPlace: '2a020' }],
    ['birth-place', 'ins.county-format', { birthPlace: 'DOMPREMY' }],
  ] as const)('%s: %s blocks', (trait, code, changes) => {
    const assessment = assess(changes);
    expect(graded(assessment)).toEqual([`${code} error`]);
    expect(assessment).toMatchObject({
      missingTraits: [trait],
      traitsComplete: false,
      qualified: false,
      depositAllowed: false,
    });
  });

  test('all that is missing is told at once', () => {
    const assessment = assess({
      name: { ...PERSON.name, family: [], given: [] },
      gender: null,
      birthTime: null,
      birthPlace: null,
    });
    expect(assessment.missingTraits).toEqual([
      'birth-name',
      'birth-given-names',
      'first-given-name',
      'birth-date',
      'sex',
      'birth-place',
    ]);
    expect(codes(assessment)).toEqual(Array.from({ length: 6 }, () => 'ins.trait-missing'));
  });

  test('without an INS nothing is asked of the traits', () => {
    expect(codes(assess({ ids: [], gender: 'UN', birthTime: null }))).toEqual(['ins.absent']);
  });

  test('a birth time with an hour and an offset keeps its day', () => {
    expect(assess({ birthTime: '19790328003000+0200' })).toMatchObject({
      findings: [],
      depositAllowed: true,
    });
  });

  test('the given name without a qualifier is the list, not a slip', () => {
    expect(codes(assess(given('DOMINIQUE', 'DOMINIQUE')))).toEqual([]);
  });

  test('the first given name must begin the list, at the end of a name', () => {
    const [finding] = assess(given('DOMINIQUE MARIE', 'DOM')).findings;
    expect(finding).toMatchObject({
      code: 'ins.given-first',
      severity: 'warning',
      location: 'recordTarget/patientRole/patient/name/given[2]',
    });
    expect(codes(assess(given('ANNE MARIE JEANNE', 'ANNE MARIE')))).toEqual([]);
    expect(codes(assess(given('MARIE ANNE', 'ANNE')))).toEqual(['ins.given-first']);
    expect(codes(assess(given('Léa  Marie', 'LEA')))).toEqual([]);
  });

  test('a qualifier other than BR and CL is told where it stands', () => {
    const name = { ...PERSON.name, family: [...PERSON.name.family, { value: 'X', qualifier: 'SP' }] };
    expect(assess({ name }).findings).toMatchObject([
      {
        code: 'ins.name-qualifier',
        severity: 'warning',
        location: 'recordTarget/patientRole/patient/name/family[3]',
      },
    ]);
    expect(
      codes(
        assess({
          name: { ...PERSON.name, family: [PERSON.name.family[0]!, { value: 'X', qualifier: null }] },
        }),
      ),
    ).toEqual(['ins.name-qualifier']);
  });
});

describe('names compare', () => {
  test.each([
    ['Éléonore', 'ELEONORE'],
    ['Œdipe', 'oedipe'],
    ['LÆTITIA', 'Laetitia'],
    ['D’AEION', "d'aeion"],
    [' PAT-TROIS ', 'pat-trois'],
    ['ANNE  MARIE', 'ANNE\nMARIE'],
    ['e\u0301', 'É'],
  ])('%j as %j', (one, other) => {
    expect(comparableName(one)).toBe(comparableName(other));
  });

  test('a hyphen is not a blank', () => {
    expect(beginsList('MARIE', 'MARIE-LOUISE ANNE')).toBe(false);
  });
});

describe('qualification', () => {
  const withStatus = (status: 'PROV' | 'RECUP' | 'VALI' | 'QUAL', changes: Partial<PatientFacts> = {}) =>
    assess(changes, { identity: { status, evidenceDate: null, method: 'sender-policy' } });

  test.each(['VALI', 'QUAL'] as const)('%s with an INS and its five traits is qualified', (status) => {
    expect(withStatus(status)).toMatchObject({
      qualified: true,
      depositAllowed: true,
      evidence: { status, date: null, method: 'sender-policy' },
    });
  });

  test.each(['PROV', 'RECUP'] as const)('%s never is, however sound the INS', (status) => {
    const assessment = withStatus(status);
    expect(assessment.findings).toMatchObject([
      { code: 'ins.not-qualified', severity: 'error', location: 'recordTarget/patientRole/id' },
    ]);
    expect(assessment).toMatchObject({ status, qualified: false, depositAllowed: false });
  });

  test.each(['VALI', 'QUAL'] as const)('%s without an INS, or with traits missing, is not', (status) => {
    expect(withStatus(status, { ids: [] }).qualified).toBe(false);
    expect(withStatus(status, { gender: 'UN' }).qualified).toBe(false);
  });

  test('a well-formed INS alone qualifies nobody: a document has no status', () => {
    expect(assess({}, { identity: null })).toMatchObject({
      status: null,
      qualified: false,
      evidence: null,
      depositAllowed: false,
      findings: [],
    });
  });

  test('an INS that stands on the document is refused without qualification even where none is needed', () => {
    const identity = { ...VALIDATED, status: 'PROV' as const };
    expect(graded(assess({}, { identity, insRequired: false }))).toEqual(['ins.not-qualified error']);
    expect(graded(assess({ ids: [] }, { identity, insRequired: false }))).toEqual([
      'ins.absent warning',
      'ins.not-qualified warning',
    ]);
  });
});

describe('messages', () => {
  const secrets = ['279035121518988', '51215', '19790328', 'PAT-TROIS', 'DOMINIQUE', 'MARIE-LOUISE'];

  test('hold no trait and no whole matricule', () => {
    const assessment = assess({
      ids: [id('10', '279035121518988'), id('13', '279035121518988')],
      birthPlace: '63220',
      gender: 'M',
    });
    expect(assessment.findings.length).toBeGreaterThan(3);
    for (const { message, detail, remedy } of assessment.findings)
      for (const secret of secrets)
        expect(`${message} ${detail} ${remedy?.fr} ${remedy?.en}`).not.toContain(secret);
  });

  test('of a wrong key show both keys and a masked matricule', () => {
    expect(assess({ ids: [id('10', '279035121518988')] }).findings[0]).toMatchObject({
      message: 'La clé du matricule 2 79 ** ** *** *** ** est 88 alors que le calcul donne 89.',
      detail: 'The key of the matricule 2 79 ** ** *** *** ** is 88 while 89 is computed.',
    });
  });

  test('leave no value unfilled and name only codes of the catalogue, whatever the person', () => {
    const text = fc.oneof(
      fc.constantFrom('', 'X', '2A020', '99999', '75115', '19790328', '2099', 'UN', 'M'),
      fc.string(),
    );
    const matricule = fc.oneof(
      fc.constantFrom(...SOUND.map((one) => one.matricule)),
      fc.stringMatching(/^[0-9]{15}$/),
      fc.string(),
    );
    const suffix = fc.constantFrom('8', '9', '10', '11', '13', '2', '80');
    const part = fc.record({ value: text, qualifier: fc.constantFrom(null, 'BR', 'CL', 'SP') });
    const person = fc.record({
      ids: fc.array(
        fc.tuple(suffix, fc.option(matricule)).map(([root, extension]) => id(root, extension)),
        { maxLength: 4 },
      ),
      name: fc.record({
        family: fc.array(part),
        given: fc.array(part),
        prefix: fc.constant(null),
        suffix: fc.constant(null),
      }),
      gender: fc.option(text),
      birthTime: fc.option(text),
      birthPlace: fc.option(text),
      address: fc.constant<string[]>([]),
    });
    const environment = fc.constantFrom('sandbox' as const, 'test' as const, 'production' as const);
    const identity = fc.constantFrom(null, VALIDATED, { ...VALIDATED, status: 'RECUP' as const });
    fc.assert(
      fc.property(person, environment, identity, (patient, where, who) => {
        const assessment = assess({}, { patient, environment: where, identity: who });
        for (const one of assessment.findings) {
          expect(Object.keys(identityErrors)).toContain(one.code);
          expect(`${one.message} ${one.detail}`).not.toMatch(/[{}]|undefined/);
        }
        if (assessment.depositAllowed)
          expect(assessment).toMatchObject({
            qualified: true,
            traitsComplete: true,
            matricule: expect.stringMatching(/^\d{6}[\dAB]\d{8}$/),
          });
      }),
      { numRuns: 500 },
    );
  });
});
