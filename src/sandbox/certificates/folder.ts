import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainPem, type Issued, keyPem } from './issue.ts';

/** A chain and its key, PEM, the key without passphrase. */
export interface CertificateFiles {
  certificate: string;
  key: string;
}

/** Files of the authority of a sandbox and of its server. */
export interface AuthorityFiles {
  /** The root that both sides trust. */
  root: CertificateFiles;
  /** The authority that certifies servers and structures. */
  organisations: CertificateFiles;
  server: CertificateFiles;
}

/** Files of one structure. */
export interface StructureFiles {
  /** Authenticates the structure in TLS, as ORG_AUTH_CLI does. */
  client: CertificateFiles;
  /** Signs the VIHF and the lot, as ORG_SIGN does. */
  seal: CertificateFiles;
}

/** Where the authority stands in a folder of certificates. */
export function authorityFiles(folder: string): AuthorityFiles {
  const within = join(folder, 'authority');
  return {
    root: pair(within, 'root'),
    organisations: pair(within, 'organisations'),
    server: pair(within, 'server'),
  };
}

/** Where a structure's certificates stand in a folder of certificates. */
export function structureFiles(folder: string, finess: string): StructureFiles {
  const within = join(folder, finess);
  return { client: pair(within, 'client'), seal: pair(within, 'seal') };
}

function pair(folder: string, name: string): CertificateFiles {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

/** Writes certificates into a folder that appears whole or not at all, and takes the place of an earlier one. */
export function writeAll(folder: string, issued: Readonly<Record<string, Issued>>): void {
  const draft = `${folder}.${process.pid}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  for (const [name, one] of Object.entries(issued)) {
    const files = pair(draft, name);
    writeFileSync(files.certificate, chainPem(one));
    writeFileSync(files.key, keyPem(one), { mode: 0o600 });
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}
