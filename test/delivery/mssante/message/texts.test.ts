import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf } from '../../../../src/delivery/mssante/message/body.ts';
import { messageLimits } from '../../../../src/delivery/mssante/message/limits.ts';
import { readTexts, standardTexts } from '../../../../src/delivery/mssante/message/texts.ts';
import { LETTER } from './outgoing.ts';

const STANDARD = join(import.meta.dirname, '..', '..', '..', '..', 'profiles', 'mssante', 'texts');
const body = (change: Partial<Parameters<typeof bodyOf>[0]> = {}) =>
  bodyOf({
    ...{ operation: 'deposit', class: 'professional', documents: [LETTER], sender: 'Médecine', given: null },
    ...{ patientMayAnswer: true, texts: standardTexts() },
    ...change,
  });

describe('the body', () => {
  test('is the text of the request as it is, on lines of CRLF, without control characters', () => {
    expect(body({ given: 'Cher {expediteur},\n\n\x07voilà\r\n' })).toBe(
      'Cher {expediteur},\r\n\r\n voilà\r\n',
    );
  });

  test('else says of a replacement and of a deletion that it is one, and names the documents', () => {
    for (const reader of ['professional', 'organization', 'patient'] as const) {
      expect(body({ operation: 'replace', class: reader })).toContain('annule et remplace');
      expect(body({ operation: 'delete', class: reader })).toContain('supprim');
      expect(body({ class: reader, given: '  ' })).toContain('- Lettre de liaison à la sortie');
      expect(body({ class: reader })).toContain('du 21/09/2026\r\n');
    }
  });

  test('tells a patient whether to answer', () => {
    expect(body({ class: 'patient' })).toContain('Vous pouvez répondre');
    expect(body({ class: 'patient', patientMayAnswer: false })).toContain('Vous ne pouvez pas répondre');
  });

  test('fills a text once: a document cannot bring in another value', () => {
    const facts = { ...LETTER, code: { ...LETTER.code!, displayName: '{expediteur}' } };
    expect(body({ documents: [facts] })).toContain('- {expediteur} du');
  });
});

describe('texts of the operator', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-texts-'));
    cpSync(STANDARD, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (text: string) => writeFileSync(join(folder, 'delete-patient.txt'), text);

  test('take the place of ours', () => {
    write('\uFEFFAu revoir {expediteur}.');
    expect(body({ operation: 'delete', class: 'patient', texts: readTexts(folder) })).toBe(
      'Au revoir Médecine.\r\n',
    );
  });

  test('are refused when one is missing, empty, too long or asks for what nothing fills', () => {
    const most = messageLimits.bodyText.value;
    write('a'.repeat(most));
    expect(readTexts(folder)['delete-patient']).toHaveLength(most);
    for (const text of [' \n', 'a'.repeat(most + 1)]) {
      write(text);
      expect(() => readTexts(folder)).toThrow(expect.objectContaining({ code: 'mssante.text-missing' }));
    }
    write('{nom}');
    expect(() => readTexts(folder)).toThrow(
      expect.objectContaining({
        code: 'mssante.text-variable',
        values: expect.objectContaining({ variable: '{nom}' }),
      }),
    );
    rmSync(join(folder, 'delete-patient.txt'));
    expect(() => readTexts(folder)).toThrow(expect.objectContaining({ code: 'mssante.text-missing' }));
  });
});
