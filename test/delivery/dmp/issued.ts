import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CredentialFiles } from '../../../src/delivery/dmp/credentials/read.ts';

/** What a certificate says, where it is to differ from a right seal. */
export interface Wanted {
  subject?: string;
  usage?: string;
  extended?: string;
  bits?: number;
}

const RIGHT = {
  subject: '/C=FR/O=Centre hospitalier/OU=10B0000011/CN=Viaduc',
  usage: 'critical,digitalSignature,nonRepudiation',
  extended: 'emailProtection',
  bits: 2048,
};

/** An authority that signs whatever it is asked for. */
export class AnyAuthority implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'viaduc-any-authority-'));
  #count = 0;

  constructor(name = '/CN=Organisations') {
    this.#openssl('req', '-x509', ...this.#newKey('ca', 2048), '-out', 'ca.pem', '-subj', name);
  }

  get certificate(): string {
    return readFileSync(join(this.folder, 'ca.pem'), 'utf8');
  }

  issue(wanted: Wanted = {}): Extract<CredentialFiles, { key: string }> {
    const { subject, usage, extended, bits } = { ...RIGHT, ...wanted };
    const name = `issued-${this.#count++}`;
    this.#openssl('req', ...this.#newKey(name, bits), '-out', `${name}.csr`, '-subj', subject);
    writeFileSync(
      join(this.folder, `${name}.cnf`),
      `basicConstraints=CA:FALSE\nkeyUsage=${usage}\nextendedKeyUsage=${extended}\n`,
    );
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '200'];
    const files = ['-in', `${name}.csr`, '-extfile', `${name}.cnf`, '-out', `${name}.pem`];
    this.#openssl('x509', '-req', ...by, ...files);
    return this.#files(name);
  }

  /** Signed by nobody but itself. */
  alone(): Extract<CredentialFiles, { key: string }> {
    const { subject, usage, extended } = RIGHT;
    const more = ['-addext', `keyUsage=${usage}`, '-addext', `extendedKeyUsage=${extended}`];
    this.#openssl(
      ...['req', '-x509', ...this.#newKey('alone', 2048), '-out', 'alone.pem', '-subj', subject],
      ...more,
    );
    return this.#files('alone');
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #files(name: string) {
    const [certificate, key] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.key`)];
    return { certificate, key, passphraseFile: null };
  }

  #newKey(name: string, bits: number): string[] {
    return ['-newkey', `rsa:${bits}`, '-nodes', '-keyout', `${name}.key`];
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
