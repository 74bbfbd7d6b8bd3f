import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import { authorityFiles } from '../certificates/folder.ts';

/** What a certificate shown to the DMP is. */
export interface KnownCertificate {
  /** Why it is not acceptable as a seal; null when it is. */
  fault: 'chain' | 'dates' | 'usage' | null;
  /** Struct_IdNat of the structure: its OU. */
  structure: string | null;
  /** Serial number, decimal. */
  serial: string;
  /** Parts of the subject, such as `OU=10B0000011`, in the order of the certificate. */
  subject: string[];
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const UTF8_STRING = 12;
/** In the place of a site: every structure belongs to the legal entity. */
const ANY = '*';
const MOST_KEPT = 1_000;

/** The authorities that the DMP trusts, and which sites belong to which legal entity. */
export class Trust {
  readonly #organisations: X509Certificate;
  /** The authority of seals, DER, with its serial number. */
  readonly authority: { der: Buffer; serial: string };
  readonly #sites: ReadonlyMap<string, readonly string[]>;
  readonly #known = new Map<string, { judged: KnownCertificate; from: number; to: number }>();

  /**
   * @param folder certificates that `makeSandboxCertificates` made
   * @param sites geographic FINESS numbers of each legal FINESS, or `*` for any
   */
  constructor(folder: string, sites: Readonly<Record<string, readonly string[]>>) {
    this.#organisations = new X509Certificate(readFileSync(authorityFiles(folder).organisations.certificate));
    this.authority = { der: this.#organisations.raw, serial: serialOf(this.#organisations) };
    this.#sites = new Map(Object.entries(sites));
  }

  /** Judges the certificate of a signature; what does not change with time is judged once. */
  judge(der: Buffer, nowMs: number): KnownCertificate {
    const key = der.toString('base64');
    let known = this.#known.get(key);
    if (!known) {
      if (this.#known.size >= MOST_KEPT) this.#known.clear();
      known = this.#read(der);
      this.#known.set(key, known);
    }
    const { judged, from, to } = known;
    return judged.fault === null && (nowMs < from || nowMs > to) ? { ...judged, fault: 'dates' } : judged;
  }

  /** Whether a structure is the one of a certificate, or a site of it (sheet dmp-xds, 3.2). */
  speaksFor(certified: string, structure: string): boolean {
    if (certified === structure) return true;
    const sites = this.#sites.get(certified.slice(1)) ?? [];
    return certified[0] === '1' && sites.some((finess) => finess === ANY || `1${finess}` === structure);
  }

  #read(der: Buffer): { judged: KnownCertificate; from: number; to: number } {
    try {
      const certificate = new X509Certificate(der);
      const subject = subjectOf(der);
      const structure = subject.find((part) => part.startsWith('OU='))?.slice('OU='.length) ?? null;
      const serial = serialOf(certificate);
      const judged = { fault: this.#faultOf(certificate, der), structure, subject, serial };
      return { judged, from: certificate.validFromDate.getTime(), to: certificate.validToDate.getTime() };
    } catch {
      return { judged: { fault: 'chain', structure: null, subject: [], serial: '' }, from: 0, to: 0 };
    }
  }

  /** ORG_SIGN: of the authority for organisations, for signing, and not the one that authenticates in TLS. */
  #faultOf(certificate: X509Certificate, der: Buffer): KnownCertificate['fault'] {
    const { publicKey } = this.#organisations;
    if (!certificate.checkIssued(this.#organisations) || !certificate.verify(publicKey)) return 'chain';
    const usage = parsed(der).getExtension('keyUsage') as { nonRepudiation?: boolean } | undefined;
    const authenticates = certificate.keyUsage?.includes(CLIENT_AUTHENTICATION) ?? false;
    return usage?.nonRepudiation && !authenticates ? null : 'usage';
  }
}

function serialOf({ serialNumber }: X509Certificate): string {
  return BigInt(`0x${serialNumber}`).toString();
}

function parsed(der: Buffer): forge.pki.Certificate {
  return forge.pki.certificateFromAsn1(forge.asn1.fromDer(der.toString('binary')));
}

function subjectOf(der: Buffer): string[] {
  return parsed(der).subject.attributes.map(({ shortName, type, value, valueTagClass }) => {
    const text = String(value);
    return `${shortName ?? type}=${Number(valueTagClass) === UTF8_STRING ? forge.util.decodeUtf8(text) : text}`;
  });
}
