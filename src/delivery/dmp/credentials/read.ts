import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import { isViaducError, type Words } from '../../../words/errors.ts';
import { raise } from '../errors.ts';

/** Where a certificate and its key are kept: two files in PEM, or one in PKCS#12. */
export type CredentialFiles =
  | { certificate: string; key: string; passphraseFile: string | null }
  | { pkcs12: string; passphraseFile: string | null };

/** A certificate with those above it as far as they were in the file, and its key. */
export interface Credential {
  /** The certificate itself. */
  certificate: string;
  /** It and those above it, PEM. */
  chain: string;
  key: KeyObject;
}

/**
 * What it gives can be used without a further look: every certificate and the key were parsed, and are RSA.
 * @throws ViaducError `delivery.credential-unreadable`, `delivery.credential-not-rsa`, naming the file
 */
export function readCredential(files: CredentialFiles): Credential {
  const passphrase = passphraseOf(files);
  return 'pkcs12' in files ? fromPkcs12(files.pkcs12, passphrase) : fromPem(files, passphrase);
}

function passphraseOf({ passphraseFile }: CredentialFiles): string | null {
  return passphraseFile === null ? null : read(passphraseFile, (file) => readFileSync(file, 'utf8').trim());
}

function fromPem(
  { certificate, key }: Extract<CredentialFiles, { key: string }>,
  passphrase: string | null,
): Credential {
  const blocks = read(certificate, (file) => wholeBlocks(file));
  read(certificate, (file) => {
    for (const { block, x509 } of blocks) {
      needRsa(file, x509.publicKey);
      forge.pki.certificateFromPem(block);
    }
  });
  const secret = read(key, (file) =>
    createPrivateKey({ key: readFileSync(file), ...(passphrase === null ? {} : { passphrase }) }),
  );
  needRsa(key, secret);
  const chain = blocks.map(({ block }) => block);
  return { certificate: chain[0]!, chain: chain.join('\n'), key: secret };
}

/** The certificate of the key stands first whatever the order in the file. */
function fromPkcs12(file: string, passphrase: string | null): Credential {
  // Newer files take a passphrase as UTF-8 for one half and as UTF-16 for the other; the library cannot do both at once.
  if (passphrase !== null && !/^[ -~]*$/.test(passphrase))
    throw unreadable(
      file,
      'its passphrase has characters beyond ASCII: export it under another one, or as PEM',
    );
  const store = read(file, () => {
    const asn1 = forge.asn1.fromDer(readFileSync(file).toString('binary'));
    return forge.pkcs12.pkcs12FromAsn1(asn1, passphrase ?? '');
  });
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const bags = (type: string) => store.getBags({ bagType: type })[type] ?? [];
  const key = [...bags(pkcs8ShroudedKeyBag!), ...bags(keyBag!)][0]?.key as
    | forge.pki.rsa.PrivateKey
    | undefined;
  const certificates = bags(certBag!).flatMap(({ cert }) => cert ?? []);
  if (!key || certificates.length === 0) throw unreadable(file, 'no key or no certificate inside');
  const own = certificates.findIndex(({ publicKey }) =>
    sameModulus(publicKey as forge.pki.rsa.PublicKey, key),
  );
  const [first] = certificates.splice(Math.max(0, own), 1);
  return read(file, () => {
    const pem = [first!, ...certificates].map((one) => forge.pki.certificateToPem(one));
    for (const one of pem) new X509Certificate(one);
    return {
      certificate: pem[0]!,
      chain: pem.join(''),
      key: createPrivateKey(forge.pki.privateKeyToPem(key)),
    };
  });
}

function sameModulus(publicKey: forge.pki.rsa.PublicKey, key: forge.pki.rsa.PrivateKey): boolean {
  return publicKey.n.equals(key.n);
}

/** The certificates of a text in PEM. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/**
 * The authorities of a file, PEM.
 * @throws ViaducError `delivery.credential-unreadable`, naming the file
 */
export function readAnchors(file: string): string {
  return read(file, () => wholeBlocks(file).map(({ block }) => block)).join('\n');
}

/** The certificates of a file in PEM, every one of them parsed. */
function wholeBlocks(file: string): { block: string; x509: X509Certificate }[] {
  const text = readFileSync(file, 'utf8');
  const blocks = pemBlocks(text);
  if (blocks.length === 0) throw unreadable(file, NO_CERTIFICATE);
  if (text.split('-----BEGIN CERTIFICATE-----').length - 1 !== blocks.length)
    throw unreadable(file, CUT_SHORT);
  return blocks.map((block) => ({ block, x509: new X509Certificate(block) }));
}

const NO_CERTIFICATE = { fr: 'aucun certificat en PEM', en: 'no certificate in PEM' };
const CUT_SHORT = { fr: "un certificat n'a pas de fin", en: 'a certificate has no end' };

/** IGC-Santé issues RSA, and the signatures of the DMP are made with it. */
function needRsa(file: string, { asymmetricKeyType }: KeyObject): void {
  if (asymmetricKeyType !== 'rsa')
    throw raise('delivery.credential-not-rsa', { file, kind: asymmetricKeyType ?? 'unknown' });
}

function read<T>(file: string, action: (file: string) => T): T {
  try {
    return action(file);
  } catch (error) {
    if (isViaducError(error)) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw unreadable(file, code ?? message, error);
  }
}

function unreadable(file: string, why: string | Words, cause?: unknown) {
  return raise('delivery.credential-unreadable', { file, why }, cause);
}
