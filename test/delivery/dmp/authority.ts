import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why no authority can be made, or nothing. */
export const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? '' : ' (skipped: no openssl to run an authority with)';

if (withoutOpenssl && process.env.CI) throw new Error('openssl is not installed');

export interface Identity {
  key: string;
  cert: string;
}

/** Where the certificates of an authority say that their revocation is told. */
export interface Published {
  list?: string;
  responder?: string;
}

/** What a list may be limited to; `-crlexts list-NAME` makes such a list, `list-differences` one of differences. */
const POINTS = ['onlyuser', 'onlyCA', 'onlyAA', 'indirectCRL', 'onlysomereasons'];

/** An authority of `openssl ca` in a folder of its own. */
export class Authority implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'viaduc-authority-'));
  readonly certificate: string;

  constructor(name = 'CN=Test authority') {
    mkdirSync(join(this.folder, 'new'));
    writeFileSync(this.#in('index.txt'), '');
    writeFileSync(this.#in('serial'), '1000\n');
    writeFileSync(this.#in('crlnumber'), '01\n');
    this.#configure({}, '');
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem'];
    this.#openssl('req', '-x509', ...key, '-subj', `/${name}`, '-days', '100');
    this.certificate = readFileSync(this.#in('ca.pem'), 'utf8');
  }

  /** A certificate for 127.0.0.1. @param usage further lines of its extensions */
  issue(name: string, published: Published = {}, usage = ''): Identity {
    this.#configure(published, usage);
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`];
    this.#openssl('req', ...key, '-subj', `/CN=${name}`);
    const out = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-notext'];
    this.#openssl('ca', '-batch', '-config', 'ca.cnf', '-extensions', 'issued', '-days', '30', ...out);
    const [keyPem, cert] = ['key', 'pem'].map((kind) => readFileSync(this.#in(`${name}.${kind}`), 'utf8'));
    return { key: keyPem!, cert: cert! };
  }

  revoke(name: string): void {
    this.#openssl('ca', '-config', 'ca.cnf', '-revoke', `${name}.pem`);
  }

  /** The list of what was revoked so far, DER. @param options such as `-crlhours 1` */
  list(...options: string[]): Buffer {
    const until = options.length > 0 ? options : ['-crldays', '7'];
    this.#openssl('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'list.pem', ...until);
    return execFileSync('openssl', ['crl', '-in', this.#in('list.pem'), '-outform', 'DER']);
  }

  /** A responder on a port of this machine that signs as `signer`, a certificate issued before or `ca`. */
  async respond(port: number, signer: string): Promise<AsyncDisposable> {
    const args = [
      '-index',
      'index.txt',
      '-CA',
      'ca.pem',
      '-rsigner',
      `${signer}.pem`,
      '-rkey',
      `${signer}.key`,
    ];
    const child = spawn('openssl', ['ocsp', '-port', String(port), ...args, '-nmin', '5'], {
      cwd: this.folder,
    });
    await new Promise<void>((ready, failed) => {
      child.stderr.on('data', (chunk) => /waiting for/i.test(String(chunk)) && ready());
      child.stdout.on('data', (chunk) => /waiting for/i.test(String(chunk)) && ready());
      child.once('exit', (status) => failed(new Error(`openssl ocsp ended with ${status}`)));
    });
    return {
      [Symbol.asyncDispose]: async () => {
        const ended = new Promise((done) => child.once('close', done));
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #configure({ list, responder }: Published, usage: string): void {
    writeFileSync(
      this.#in('ca.cnf'),
      `[ca]
default_ca = here
[here]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = new
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
${POINTS.map((name) => `[list-${name}]\nissuingDistributionPoint = critical, @${name}\n[${name}]\n${name} = ${name === 'onlysomereasons' ? 'keyCompromise' : 'TRUE'}`).join('\n')}
[list-differences]
2.5.29.27 = critical, DER:02:01:01
[any]
commonName = supplied
[issued]
subjectAltName = IP:127.0.0.1
${list ? `crlDistributionPoints = URI:${list}` : ''}
${responder ? `authorityInfoAccess = OCSP;URI:${responder}` : ''}
${usage}
`,
    );
  }

  #in(name: string): string {
    return join(this.folder, name);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
