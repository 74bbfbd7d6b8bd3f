import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** When a certificate is good, as openssl writes it: `260101000000Z`. */
export interface Validity {
  from: string;
  to: string;
}

const NOW: Validity = { from: '200101000000Z', to: '491231235959Z' };

/** A certification authority of openssl in a folder of its own; its certificate is `ca.pem`. */
export class Authority {
  readonly #folder: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'serial'), '01\n');
    writeFileSync(join(folder, 'ca.cnf'), CONFIGURATION);
    this.#openssl(['req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650'], name);
  }

  /** Issues `NAME.pem` with its key `NAME.key`. */
  issue(name: string, commonName: string, { from, to }: Validity = NOW): void {
    this.#openssl(['req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`], commonName);
    const dates = ['-startdate', from, '-enddate', to];
    this.#openssl([
      ...['ca', '-batch', '-config', 'ca.cnf', ...dates, '-in', `${name}.csr`, '-out', `${name}.pem`],
    ]);
  }

  /** SHA-256 over a certificate, as openssl prints it: pairs of digits between colons. */
  fingerprint(name: string): string {
    const printed = this.#openssl(['x509', '-in', `${name}.pem`, '-noout', '-fingerprint', '-sha256']);
    return printed.split('=')[1]!.trim();
  }

  #openssl(args: readonly string[], commonName?: string): string {
    const subject = commonName ? ['-subj', `/CN=${commonName}`] : [];
    return execFileSync('openssl', [...args, ...subject], { cwd: this.#folder, stdio: 'pipe' }).toString();
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const CONFIGURATION = `[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;
