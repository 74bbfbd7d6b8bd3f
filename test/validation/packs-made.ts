import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where the tests' packs have their main schema. */
export const MAIN = 'infrastructure/cda/CDA.xsd';

/** A folder with these files, gone when the test has finished. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return filled(folder, files);
}

/** A folder with these files that the caller removes. */
export function lastingFolderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  return filled(temporaryFolder(), files);
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'viaduc-pack-'));
}

function filled(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A schema document in the namespace of CDA; `body` begins on its second line. */
export function schema(body: string, namespace: string | null = 'urn:hl7-org:v3'): string {
  const target = namespace === null ? '' : ` targetNamespace="${namespace}" xmlns="${namespace}"`;
  const head = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"${target} elementFormDefault="qualified">`;
  return `${head}\n${body}\n</xs:schema>`;
}

/** The least that makes a folder a pack. */
export const CLINICAL_DOCUMENT =
  '<xs:element name="ClinicalDocument"><xs:complexType><xs:sequence/></xs:complexType></xs:element>';

/** A Schematron with these rules about the ClinicalDocument. */
export function schematron(tests: readonly string[], more = ''): string {
  const asserts = tests.map((one) => `<assert test="${one}">wanted</assert>`).join('\n');
  return `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="cda" uri="urn:hl7-org:v3"/>${more}
<pattern><rule context="cda:ClinicalDocument">${asserts}</rule></pattern>
</schema>`;
}
