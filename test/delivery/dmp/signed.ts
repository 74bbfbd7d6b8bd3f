import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredential } from '../../../src/delivery/dmp/credentials/read.ts';
import { type Seal, sealOf } from '../../../src/delivery/dmp/credentials/seal.ts';
import { authorityFiles, structureFiles } from '../../../src/sandbox/certificates/folder.ts';
import { certificates } from '../../gateway/certificates.ts';

const authority = authorityFiles(certificates);

/** Why xmlsec1 cannot judge, or nothing. */
export const withoutXmlsec = spawnSync('xmlsec1', ['--version']).error ? 'xmlsec1 is not installed' : '';

/** The seal of the demonstration establishment. */
export function demoSeal(): Seal {
  const { seal } = structureFiles(certificates, '0B0000011');
  const anchors = readFileSync(authority.root.certificate, 'utf8');
  return sealOf(readCredential({ ...seal, passphraseFile: null }), anchors);
}

/** What xmlsec1 says of a signed text: signature, digests and chain up to the root of the sandbox. */
export function xmlsec(text: string, ...options: string[]): { valid: boolean; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-xmlsec-'));
  try {
    const file = join(folder, 'signed.xml');
    writeFileSync(file, text);
    const trust = [
      '--trusted-pem',
      authority.root.certificate,
      '--untrusted-pem',
      authority.organisations.certificate,
    ];
    const { status, stdout, stderr } = spawnSync('xmlsec1', ['--verify', ...options, ...trust, file], {
      encoding: 'utf8',
    });
    return { valid: status === 0, said: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
