import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSandboxCertificates } from '../../src/sandbox/certificates/certificates.ts';

/** Certificates of the sandbox that all tests share: keys of RSA take their time. */
export const certificates = join(tmpdir(), 'viaduc-test-certificates');

const HOLDERS = ['0B0000011', '750000001'].map((finessEj) => ({
  finessEj,
  name: 'Centre hospitalier de démonstration',
  application: 'Viaduc',
}));

/** Run once before all tests, so that no two gateways make them at the same time. */
export default function makeThem(): Promise<void> {
  return makeSandboxCertificates(certificates, HOLDERS, Date.now());
}
