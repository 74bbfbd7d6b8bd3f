import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskMatricule } from '../../src/identity/masking.ts';
import { matriculeKey, normaliseMatricule, partsOf } from '../../src/identity/matricule.ts';
import { readMatricule } from '../../src/identity/structure.ts';
import { COMPUTED_KEYS, FAULTY, SOUND } from './matricules.ts';
import { ARC } from './person.ts';

const ROOTS = { NIR: `${ARC}.8`, NIA: `${ARC}.9` };

describe('sound matricules', () => {
  test.each(SOUND)('$matricule', ({ matricule, sex, birth, place, root }) => {
    const reading = readMatricule(matricule, ROOTS[root], 'production');
    expect(reading).toMatchObject({ matricule, keyOk: true, faults: [] });
    expect(reading.parts).toMatchObject({ sex: sex === 'M' ? '1' : '2', year: birth.slice(2, 4), place });
  });

  test('a department of Corsica before 1976 has nothing wrong in itself', () => {
    expect(readMatricule('185012000400187', ROOTS.NIR, 'production').faults).toEqual([]);
  });
});

describe('the key', () => {
  test.each(COMPUTED_KEYS)('of %s is computed as %s', (matricule, key) => {
    expect(matriculeKey(matricule.slice(0, 13))).toBe(key);
  });

  test('keeps its leading zero', () => {
    expect(matriculeKey('2850175056096')).toBe('01');
  });

  test('is 97, never 00, when the remainder is nought', () => {
    expect(matriculeKey('2850175056097')).toBe('97');
  });

  test('of Corsica is neither read as a number cut at the letter, nor with A as 0', () => {
    expect(matriculeKey('297022A020778')).toBe('78');
    expect(matriculeKey('297022A020778')).not.toMatch(/89|51/);
  });

  test('cannot tell 2A from 19 nor 2B from 18', () => {
    expect([matriculeKey('185012A004001'), matriculeKey('1850119004001')]).toEqual(['17', '17']);
    expect([matriculeKey('185012B033001'), matriculeKey('1850118033001')]).toEqual(['47', '47']);
  });

  test.each([
    '',
    '279035121518',
    '27903512151898',
    '297022C020778',
    '29702202A0778',
    '2A97035121518',
    ' 279035121518',
  ])('does not exist for %j', (body) => {
    expect(matriculeKey(body)).toBeNull();
  });

  const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
  const body = fc
    .tuple(digits(5), fc.oneof(digits(2), fc.constantFrom('2A', '2B')), digits(6))
    .map((parts) => parts.join(''));
  const keyHolds = (matricule: string) => matriculeKey(matricule.slice(0, 13)) === matricule.slice(13);
  const replace = (text: string, at: number, by: string) =>
    text.slice(0, at) + by + text.slice(at + by.length);

  test('makes body and key a multiple of 97', () => {
    fc.assert(
      fc.property(body, (some) => {
        const digits13 = some.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');
        expect((BigInt(digits13) + BigInt(matriculeKey(some)!)) % 97n).toBe(0n);
      }),
    );
  });

  test('detects every substitution of one digit', () => {
    fc.assert(
      fc.property(body, (some) => {
        const matricule = some + matriculeKey(some);
        for (let at = 0; at < 15; at += 1) {
          for (const digit of '0123456789') {
            if (matricule[at] === digit || /[AB]/.test(matricule[at]!)) continue;
            expect(keyHolds(replace(matricule, at, digit))).toBe(false);
          }
        }
      }),
    );
  });

  test('detects every transposition of neighbours within the body', () => {
    fc.assert(
      fc.property(body, (some) => {
        for (let at = 0; at < 12; at += 1) {
          const [a, b] = [some[at]!, some[at + 1]!];
          if (a !== b) expect(matriculeKey(replace(some, at, b + a))).not.toBe(matriculeKey(some));
        }
      }),
    );
  });
});

describe('faulty matricules', () => {
  test.each(FAULTY)('%j gives %j', (written, codes) => {
    const { faults } = readMatricule(written, ROOTS.NIR, 'production');
    expect(faults.map((one) => one.code)).toEqual(codes);
    expect(faults.every((one) => one.severity === 'error')).toBe(true);
  });

  test('the key of a well-formed body is judged whatever else is wrong with it', () => {
    expect(readMatricule('185137505600147', ROOTS.NIR, 'production').keyOk).toBe(true);
    expect(readMatricule('279035121518988', ROOTS.NIR, 'production').keyOk).toBe(false);
    expect(readMatricule('2790351215189', ROOTS.NIR, 'production').keyOk).toBe(false);
  });

  test.each(['sandbox', 'test'] as const)('a wrong key is a warning in environment %s', (environment) => {
    for (const written of ['181036322045660', '295109912611199'])
      expect(readMatricule(written, ROOTS.NIR, environment).faults).toMatchObject([{ severity: 'warning' }]);
  });

  test.each(['sandbox', 'test'] as const)(
    'a month that does not exist is an error in environment %s too',
    (environment) => {
      expect(readMatricule('185137505600147', ROOTS.NIR, environment).faults).toMatchObject([
        { code: 'ins.month-invalid', severity: 'error' },
      ]);
    },
  );

  const sealed = (body: string) => body + matriculeKey(body);
  const faultsOf = (body: string, root = ROOTS.NIR) =>
    readMatricule(sealed(body), root, 'production').faults.map((one) => `${one.code} ${one.severity}`);

  test.each(['00', '13', '19'])('month %s does not exist', (month) => {
    expect(faultsOf(`185${month}75056001`)).toEqual(['ins.month-invalid error']);
  });

  test.each(['01', '12', '20', '42', '50', '99'])('month %s exists', (month) => {
    expect(faultsOf(`185${month}75056001`)).toEqual([]);
  });

  test.each(['43', '49'])('month %s is unusual', (month) => {
    expect(faultsOf(`185${month}75056001`)).toEqual(['ins.month-unusual warning']);
  });

  test('department 00 does not exist, commune 000 is suspicious', () => {
    expect(faultsOf('1850100056001')).toEqual(['ins.department-invalid error']);
    expect(faultsOf('1850175000001')).toEqual(['ins.commune-zero warning']);
  });

  test.each(['0', '3', '4', '5', '6', '7', '8', '9'])('a NIR does not begin with %s', (digit) => {
    expect(faultsOf(`${digit}850175056001`)).toEqual(['ins.sex-digit error']);
  });

  test.each(['3', '4', '7', '8'])('a NIA may begin with %s, of a former series', (digit) => {
    expect(faultsOf(`${digit}850175056001`, ROOTS.NIA)).toEqual(['ins.temporary-series warning']);
  });

  test.each(['0', '5', '6', '9'])('a NIA does not begin with %s', (digit) => {
    expect(faultsOf(`${digit}850175056001`, ROOTS.NIA)).toEqual(['ins.sex-digit error']);
  });
});

describe('normalisation and masking', () => {
  test('normalising twice changes nothing more', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('2', 'a', 'B', ' ', '.', '-', '\u00a0', '\u202f') }),
        (text) => {
          const once = normaliseMatricule(text);
          expect(normaliseMatricule(once)).toBe(once);
          expect(once).not.toMatch(/[a-z .\u00a0\u202f-]/);
        },
      ),
    );
  });

  test('letters stay where they are: only positions 6 and 7 may hold 2A or 2B', () => {
    expect(partsOf(normaliseMatricule('2 97 02 2a 020 778 78'))?.place).toBe('2A020');
    expect(partsOf('29702202A077878')).toBeNull();
  });

  test('a screen shows sex and year of birth', () => {
    expect(maskMatricule('279035121518989')).toBe('2 79 ** ** *** *** **');
    expect(maskMatricule('2 97 02 2a 020 778 78')).toBe('2 97 ** ** *** *** **');
  });

  test.each(['', '2790351215189', 'PAT-TROIS', '27903512151898X'])('and nothing of %j', (text) => {
    expect(maskMatricule(text)).toBe('* ** ** ** *** *** **');
  });
});
