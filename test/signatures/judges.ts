import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorityFiles } from '../../src/sandbox/certificates/folder.ts';
import { withoutXmlsec, xmlsec } from '../delivery/dmp/signed.ts';
import { certificates } from '../gateway/certificates.ts';

/** Why no judge that is not ours is here, one sentence for each that is missing. */
export const missing = { xmlsec: withoutXmlsec, java: withoutJava() };

if (process.env.CI && (missing.xmlsec || missing.java)) throw new Error(missing.xmlsec || missing.java);

function withoutJava(): string {
  const { status, stdout } = spawnSync('java', ['--list-modules'], { encoding: 'utf8' });
  if (status !== 0) return 'no java on this machine';
  return stdout.includes('jdk.compiler') ? '' : 'the java of this machine has no compiler';
}

/** A signed text, and what the references of its manifest stand for, by uniqueId. */
export interface Signed {
  text: string;
  documents?: ReadonlyMap<string, Buffer>;
}

export interface JavaVerdict {
  valid: boolean;
  /** Digest, number of references and subject of the signer; or why it is not valid. */
  said: string[];
}

/** What javax.xml.crypto says of signatures: value, digests, documents of manifests, properties of XAdES, chain. */
export function byJava(signed: readonly Signed[]): JavaVerdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-signatures-'));
  try {
    const files = signed.map(({ text, documents = new Map() }, index) => {
      const file = join(folder, `signature-${index}.xml`);
      writeFileSync(file, text);
      for (const [uniqueId, bytes] of documents) writeFileSync(join(folder, uniqueId), bytes);
      return file;
    });
    const { root, organisations } = authorityFiles(certificates);
    const program = join(import.meta.dirname, 'Signatures.java');
    const args = ['-Xmx128m', program, root.certificate, organisations.certificate, ...files];
    const { stdout, stderr } = spawnSync('java', args, { encoding: 'utf8', timeout: 60_000 });
    const lines = stdout.trimEnd().split('\n');
    if (lines.length !== signed.length) throw new Error(`java judged ${lines.length}: ${stderr}`);
    return lines.map((line) => {
      const [verdict, ...said] = line.split('\t');
      return { valid: verdict === 'valid', said };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ASSERTION = ['--id-attr:ID', 'urn:oasis:names:tc:SAML:2.0:assertion:Assertion'];
const LOT = [
  '--ignore-manifests',
  ...['--id-attr:Id', 'Manifest', '--id-attr:Id', 'http://uri.etsi.org/01903/v1.1.1#:SignedProperties'],
];

/** What xmlsec1 says of a signature: value, digests, chain. */
export function byXmlsec(kind: 'assertion' | 'lot', text: string): { valid: boolean; said: string } {
  return xmlsec(text, ...(kind === 'assertion' ? ASSERTION : LOT));
}
