import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { authorityFiles, type CertificateFiles, structureFiles, writeAll } from './folder.ts';
import { DAY_MS, type Issued, issue } from './issue.ts';
import { authorityName, type Holder, structureName } from './profiles.ts';

const DAYS = 3 * 365;
const AUTHORITY_DAYS = 2 * DAYS;
const RENEWED_DAYS_BEFORE = 60;

/**
 * The certificates of a sandbox: a root, an authority below it, a server for localhost, and for each structure one that
 * authenticates it and one that seals. Made at the first start and kept; made anew when one is missing or nearly out of date.
 */
export async function makeSandboxCertificates(
  folder: string,
  holders: readonly Holder[],
  nowMs: number,
): Promise<void> {
  const authority = authorityFiles(folder);
  if (Object.values(authority).some((files) => !isCurrent(files, nowMs))) await makeAuthority(folder, nowMs);
  const organisations = read(authority.organisations, [authority.root]);
  for (const holder of holders) {
    const files = Object.values(structureFiles(folder, holder.finessEj));
    if (files.some((one) => !isCurrent(one, nowMs) || !isIssuedBy(one, authority.organisations.certificate)))
      await makeStructure(folder, holder, organisations, nowMs);
  }
}

function isCurrent({ certificate, key }: CertificateFiles, nowMs: number): boolean {
  if (!existsSync(certificate) || !existsSync(key)) return false;
  const { validToDate } = new X509Certificate(readFileSync(certificate));
  return validToDate.getTime() > nowMs + RENEWED_DAYS_BEFORE * DAY_MS;
}

function isIssuedBy({ certificate }: CertificateFiles, issuer: string): boolean {
  return new X509Certificate(readFileSync(certificate)).verify(
    new X509Certificate(readFileSync(issuer)).publicKey,
  );
}

async function makeAuthority(folder: string, nowMs: number): Promise<void> {
  const request = { profile: 'authority', nowMs, days: AUTHORITY_DAYS } as const;
  const root = await issue({ ...request, subject: authorityName('VIADUC SANDBOX RACINE') }, null);
  const organisations = await issue(
    { ...request, subject: authorityName('VIADUC SANDBOX ORGANISATIONS') },
    root,
  );
  const server = await issue(
    { profile: 'server', nowMs, days: DAYS, subject: authorityName('localhost') },
    organisations,
  );
  writeAll(join(folder, 'authority'), { root, organisations, server });
}

async function makeStructure(folder: string, holder: Holder, issuer: Issued, nowMs: number): Promise<void> {
  const request = { nowMs, days: DAYS, subject: structureName(holder) };
  const [client, seal] = await Promise.all([
    issue({ ...request, profile: 'client' }, issuer),
    issue({ ...request, profile: 'seal' }, issuer),
  ]);
  writeAll(join(folder, holder.finessEj), { client, seal });
}

function read({ certificate, key }: CertificateFiles, above: CertificateFiles[]): Issued {
  return {
    certificate: forge.pki.certificateFromPem(readFileSync(certificate, 'utf8')),
    key: forge.pki.privateKeyFromPem(readFileSync(key, 'utf8')) as forge.pki.rsa.PrivateKey,
    above: above.map((one) => forge.pki.certificateFromPem(readFileSync(one.certificate, 'utf8'))),
  };
}
