import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ParseOption, XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, documents, ROOT } from './files.ts';

const shared = resolve(ROOT, process.env.VIADUC_SHARED ?? '../shared');
const schema = join(shared, 'ans/TestContenuCDA-3-0/infrastructure/cda/CDA_extended.xsd');
const absent = !existsSync(schema);
const files = documents.filter((file) => file !== 'documents/not-well-formed.xml');

/** libxml2 alone, not our own use of it: a sample that the agency's schema refuses is worth nothing. */
describe.skipIf(absent)(
  `samples against the agency's schema${absent ? ' (no pack in ../shared)' : ''}`,
  () => {
    let validator: XsdValidator;

    beforeAll(() => {
      xmlRegisterFsInputProviders();
      using source = XmlDocument.fromBuffer(readFileSync(schema), { url: pathToFileURL(schema).href });
      validator = XsdValidator.fromDoc(source);
    });
    afterAll(() => validator?.dispose());

    const faultsOf = (bytes: Buffer): string[] => {
      using document = XmlDocument.fromBuffer(bytes, { option: ParseOption.XML_PARSE_NONET });
      try {
        validator.validate(document);
        return [];
      } catch (error) {
        if (error instanceof XmlValidateError)
          return error.details.map(({ line, message }) => `${line}: ${message}`);
        throw error;
      }
    };

    test.each(files)('%s', (file) => {
      expect(faultsOf(bytesOf(file))).toEqual([]);
    });

    test('the schema is really asked: a document without its code is refused', () => {
      const text = bytesOf('documents/operative-report.xml').toString('utf8');
      expect(faultsOf(Buffer.from(text.replace(/<code code="34874-8"[^>]*\/>/, '')))).not.toEqual([]);
    });
  },
);
