import type { pki } from 'node-forge';

/** An attribute of a distinguished name. */
export type NameAttribute = pki.CertificateField;

/** Whom the certificates of a sandbox speak of: the legal entity and the software that acts for it. */
export interface Holder {
  /** FINESS of the legal entity, 9 characters. */
  finessEj: string;
  name: string;
  /** Label of the application: the common name. */
  application: string;
}

/** What kind of certificate is made. The two of a structure follow ORG_AUTH_CLI and ORG_SIGN of IGC-Santé (sheet dmp-xds, 3.2). */
export type Profile = 'authority' | 'server' | 'client' | 'seal';

const EXTENSIONS: Readonly<Record<Profile, object[]>> = {
  authority: [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ],
  server: [
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ],
  client: [
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
  ],
  seal: [
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'extKeyUsage', emailProtection: true },
  ],
};

/** Extensions of X.509 for a profile. */
export function extensionsOf(profile: Profile): object[] {
  const authority = profile === 'authority';
  const basic = authority ? [] : [{ name: 'basicConstraints', cA: false, critical: true }];
  return [...basic, ...EXTENSIONS[profile], { name: 'subjectKeyIdentifier' }];
}

/** Name of an authority of the sandbox: it says by itself that it is not one of IGC-Santé. */
export function authorityName(commonName: string): NameAttribute[] {
  return [utf8('C', 'FR'), utf8('O', 'VIADUC SANDBOX'), utf8('CN', commonName)];
}

/** Name of a certificate of a structure: OU is the national identifier, prefix 1 before the FINESS. */
export function structureName({ finessEj, name, application }: Holder): NameAttribute[] {
  return [
    utf8('C', 'FR'),
    utf8('ST', 'Paris (75)'),
    utf8('O', name),
    utf8('OU', `1${finessEj}`),
    utf8('CN', application),
  ];
}

/** UTF8String: names of hospitals bear accents. */
function utf8(shortName: string, value: string): NameAttribute {
  const type = 12 as unknown as NonNullable<NameAttribute['valueTagClass']>;
  return { shortName, value, ...(shortName !== 'C' && { valueTagClass: type }) };
}
