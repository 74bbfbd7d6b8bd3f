import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PackError } from '../../src/validation/errors.ts';
import { validationLimits } from '../../src/validation/limits.ts';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { missing, olderPackFolder, packFolder } from '../conformance/cases.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema } from './packs-made.ts';

const part = (name: string) => `infrastructure/cda/${name}`;

/** Every problem with a pack, as code, file and line. */
function problems(folder: string): string[] {
  try {
    loadSchema(openPack(folder));
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    return error.problems.map(({ code, values }) =>
      [code, values.file, values.line].filter(Boolean).join(' '),
    );
  }
  return [];
}

const including = (...locations: string[]) =>
  schema(locations.map((one) => `<xs:include schemaLocation="${one}"/>\n`).join('') + CLINICAL_DOCUMENT);

describe('a pack folder', () => {
  test('is known by its name and by the digests of the schema files that count', () => {
    const files = { [MAIN]: including('a.xsd'), [part('a.xsd')]: schema('') };
    const folder = folderOf({ ...files, [part('unused.xsd')]: schema('') });
    const pack = openPack(folder);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(pack.id).toBe(basename(folder));
    expect(pack.schema).toMatchObject({ name: 'CDA', main: MAIN });
    expect(pack.manifest).toEqual([
      { path: MAIN, sha256: sha256(files[MAIN]!), size: files[MAIN]!.length },
      { path: part('a.xsd'), sha256: sha256(schema('')), size: schema('').length },
    ]);
    writeFileSync(join(folder, part('unused.xsd')), schema('<!-- other -->'));
    expect(openPack(folder).sha256).toBe(pack.sha256);
    writeFileSync(join(folder, part('a.xsd')), schema('<!-- other -->'));
    expect(openPack(folder).sha256).not.toBe(pack.sha256);
  });

  test('may hold its schema under another name and elsewhere', () => {
    expect(problems(folderOf({ 'schemas/main.xsd': schema(CLINICAL_DOCUMENT) }))).toEqual([]);
  });

  test.each([
    ['does not exist', (folder: string) => join(folder, 'nowhere'), 'validation.pack-not-found'],
    ['is a file', (folder: string) => join(folder, 'a.txt'), 'validation.pack-not-found'],
    ['holds no schema', (folder: string) => folder, 'validation.pack-not-a-pack'],
  ])('that %s is refused', (_, path, code) => {
    expect(problems(path(folderOf({ 'a.txt': '' })))).toEqual([code]);
  });

  test('whose schemas declare no ClinicalDocument is refused', () => {
    const folder = folderOf({ [MAIN]: schema('<xs:element name="Other"/>') });
    expect(problems(folder)).toEqual(['validation.pack-not-a-pack']);
    const elsewhere = folderOf({ [MAIN]: schema(CLINICAL_DOCUMENT, 'urn:other') });
    expect(problems(elsewhere)).toEqual(['validation.pack-not-a-pack']);
  });

  test('that holds two editions is refused', () => {
    const folder = folderOf({
      'old/CDA.xsd': schema(CLINICAL_DOCUMENT),
      'new/CDA_extended.xsd': schema(CLINICAL_DOCUMENT),
    });
    expect(problems(folder)).toEqual(['validation.pack-ambiguous']);
  });
});

describe('a half copied pack', () => {
  test('names every schema that is missing, with file and line', () => {
    const folder = folderOf({
      [MAIN]: including('a.xsd', 'b.xsd'),
      [part('b.xsd')]: schema('<xs:include schemaLocation="c/d.xsd"/>'),
    });
    expect(problems(folder)).toEqual([
      `validation.schema-missing ${MAIN} 2`,
      `validation.schema-missing ${part('b.xsd')} 2`,
    ]);
  });

  test('names a truncated schema, the main one too', () => {
    const whole = schema(CLINICAL_DOCUMENT);
    const folder = folderOf({ [MAIN]: including('a.xsd'), [part('a.xsd')]: whole.slice(0, -5) });
    expect(problems(folder)).toEqual([`validation.schema-unreadable ${part('a.xsd')} 3`]);
    expect(problems(folderOf({ [MAIN]: whole.slice(0, 60) }))).toEqual([
      `validation.schema-unreadable ${MAIN} 1`,
    ]);
    const empty = folderOf({ [MAIN]: including('a.xsd'), [part('a.xsd')]: '' });
    expect(problems(empty)).toEqual([`validation.schema-unreadable ${part('a.xsd')} 1`]);
  });

  test('names a file that is no schema', () => {
    const folder = folderOf({ [MAIN]: including('a.xsd'), [part('a.xsd')]: '\n<html/>' });
    expect(problems(folder)).toEqual([`validation.schema-unreadable ${part('a.xsd')} 2`]);
  });
});

describe('a schema that reaches out of its pack', () => {
  test.each([
    ['../../../secret.xsd', 'validation.schema-outside'],
    ['%2e%2e/../../secret.xsd', 'validation.schema-outside'],
    ['/etc/passwd', 'validation.schema-outside'],
    ['file:///etc/passwd', 'validation.schema-outside'],
    ['C:/secret.xsd', 'validation.schema-outside'],
    ['http://www.w3.org/2001/xml.xsd', 'validation.schema-on-network'],
    ['https://example.org/a.xsd', 'validation.schema-on-network'],
    ['ftp://example.org/a.xsd', 'validation.schema-on-network'],
    ['//example.org/a.xsd', 'validation.schema-on-network'],
    ['', 'validation.schema-missing'],
    ['.', 'validation.schema-missing'],
    ['a b.xsd', 'validation.schema-invalid'],
  ])('by %j is refused with file and line', (location, code) => {
    const folder = folderOf({ [MAIN]: including('fine.xsd', location), [part('fine.xsd')]: schema('') });
    expect(problems(folder)).toEqual([`${code} ${MAIN} 3`]);
  });

  test('by an import is refused too', () => {
    const body = `<xs:import namespace="urn:x" schemaLocation="http://example.org/a.xsd"/>${CLINICAL_DOCUMENT}`;
    expect(problems(folderOf({ [MAIN]: schema(body) }))).toEqual([`validation.schema-on-network ${MAIN} 2`]);
  });

  test('by a link of the file system is refused', () => {
    const outside = folderOf({ 'a.xsd': schema('') });
    const folder = folderOf({ [MAIN]: including('a.xsd') });
    symlinkSync(join(outside, 'a.xsd'), join(folder, part('a.xsd')));
    expect(problems(folder)).toEqual([`validation.schema-outside ${MAIN} 2`]);
  });

  test('is found in files that are reached by another', () => {
    const folder = folderOf({
      [MAIN]: including('x/a.xsd'),
      [part('x/a.xsd')]: schema('\n<xs:include schemaLocation="../../../../b.xsd"/>'),
    });
    expect(problems(folder)).toEqual([`validation.schema-outside ${part('x/a.xsd')} 3`]);
  });
});

describe('includes', () => {
  test('may go in circles', () => {
    const folder = folderOf({
      [MAIN]: including('a.xsd'),
      [part('a.xsd')]: schema('<xs:include schemaLocation="b.xsd"/>'),
      [part('b.xsd')]: schema('<xs:include schemaLocation="a.xsd"/><xs:include schemaLocation="CDA.xsd"/>'),
    });
    expect(problems(folder)).toEqual([]);
  });

  test('may go in circles through files without a namespace', () => {
    const folder = folderOf({
      [MAIN]: including('a.xsd'),
      [part('a.xsd')]: schema('<xs:include schemaLocation="b.xsd"/>', null),
      [part('b.xsd')]: schema('<xs:include schemaLocation="a.xsd"/>', null),
    });
    expect(problems(folder)).toEqual([]);
  });

  test('of a file by itself add nothing', () => {
    expect(problems(folderOf({ [MAIN]: including('CDA.xsd') }))).toEqual([]);
  });

  test('must be of the same namespace, imports of the one that they name', () => {
    const folder = folderOf({
      [MAIN]: schema(
        `<xs:include schemaLocation="a.xsd"/>\n<xs:import namespace="urn:b" schemaLocation="a.xsd"/>${CLINICAL_DOCUMENT}`,
      ),
      [part('a.xsd')]: schema('', 'urn:a'),
    });
    expect(problems(folder)).toEqual([
      `validation.schema-invalid ${MAIN} 2`,
      `validation.schema-invalid ${MAIN} 3`,
    ]);
  });

  test('may be written with escapes', () => {
    const folder = folderOf({ 'é a/CDA.xsd': including('b%20c.xsd'), 'é a/b c.xsd': schema('') });
    expect(problems(folder)).toEqual([]);
  });

  test('are not replaced by a redefine, which is refused', () => {
    const body = `\n<xs:redefine schemaLocation="a.xsd"/>${CLINICAL_DOCUMENT}`;
    const folder = folderOf({ [MAIN]: schema(body), [part('a.xsd')]: schema('') });
    expect(problems(folder)).toEqual([`validation.schema-invalid ${MAIN} 3`]);
  });
});

describe('a schema that does not compile', () => {
  test('is refused with file and line', () => {
    const folder = folderOf({
      [MAIN]: including('a.xsd'),
      [part('a.xsd')]: schema('\n\n<xs:element name="x" type="Missing"/>'),
    });
    expect(problems(folder)).toEqual([`validation.schema-invalid ${part('a.xsd')} 4`]);
  });

  test('never makes the message repeat the folder of the machine', () => {
    const body = `${CLINICAL_DOCUMENT}<xs:element name="x" type="Missing"/>`;
    const folder = folderOf({ [MAIN]: schema(body) });
    expect(() => loadSchema(openPack(folder))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^infrastructure\/cda\/CDA\.xsd, line 2: .*there is no type /),
      }),
    );
  });
});

describe('a DOCTYPE in a schema', () => {
  test('is passed over, lines kept', () => {
    const doctype = '<!DOCTYPE xs:schema PUBLIC "-//]>" "x.dtd" [\n<!-- ]> -->\n<!ENTITY a "]>">\n]>\n';
    const fine = `<?xml version="1.0"?>${doctype}${schema(CLINICAL_DOCUMENT)}`;
    expect(problems(folderOf({ [MAIN]: fine }))).toEqual([]);
    const broken = fine.replace('<xs:sequence/>', '<xs:sequenc/>');
    expect(problems(folderOf({ [MAIN]: broken }))).toEqual([`validation.schema-invalid ${MAIN} 6`]);
  });

  test('brings no entity', () => {
    const doctype = '<!DOCTYPE xs:schema [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
    const body = `${CLINICAL_DOCUMENT}<xs:annotation><xs:documentation>&a;</xs:documentation></xs:annotation>`;
    expect(problems(folderOf({ [MAIN]: doctype + schema(body) }))).toEqual([
      `validation.schema-unreadable ${MAIN} 2`,
    ]);
  });
});

describe('limits of a pack', () => {
  const files = (count: number) => {
    const names = Array.from({ length: count - 1 }, (_, index) => `f${index}.xsd`);
    const parts = names.map((name) => [part(name), schema('')]);
    return { [MAIN]: including(...names), ...Object.fromEntries(parts) } as Record<string, string>;
  };

  test('schemaFiles', () => {
    const { value } = validationLimits.schemaFiles;
    expect(openPack(folderOf(files(value))).manifest).toHaveLength(value);
    expect(() => openPack(folderOf(files(value + 1)))).toThrow(PackError);
  });

  test('schemaBytes', () => {
    const { value } = validationLimits.schemaBytes;
    const sized = (size: number) => {
      const main = schema(`${CLINICAL_DOCUMENT}<!---->`);
      return { [MAIN]: main.replace('<!---->', `<!--${' '.repeat(size - main.length)}-->`) };
    };
    expect(openPack(folderOf(sized(value))).manifest[0]!.size).toBe(value);
    expect(() => openPack(folderOf(sized(value + 1)))).toThrow(
      expect.objectContaining({ code: 'validation.pack-too-large' }),
    );
  });

  test('packFolderEntries', () => {
    const { value } = validationLimits.packFolderEntries;
    const folder = folderOf({ 'CDA.xsd': schema(CLINICAL_DOCUMENT) });
    mkdirSync(join(folder, 'many'));
    for (let index = 2; index < value; index += 1) writeFileSync(join(folder, 'many', String(index)), '');
    expect(openPack(folder).schema.main).toBe('CDA.xsd');
    writeFileSync(join(folder, 'many', 'one more'), '');
    expect(() => openPack(folder)).toThrow(expect.objectContaining({ code: 'validation.pack-too-large' }));
  });
});

describe.skipIf(missing)(`the official packs${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test.each([
    [packFolder, 'TestContenuCDA-3-0', 14],
    [olderPackFolder, 'TestContenuCDA-2-41', 15],
  ])('%s opens as published', (folder, id, files) => {
    const pack = openPack(folder);
    expect(pack).toMatchObject({ id, schema: { name: 'CDA_extended' } });
    expect(pack.manifest).toHaveLength(files);
    expect(pack.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
