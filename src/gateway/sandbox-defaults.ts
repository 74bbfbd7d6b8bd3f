import type { Establishment, Sender } from '../words/establishment.ts';

/** Root of the identifiers of a sandbox; any other environment must be given one of its own. */
export const SANDBOX_OID_ROOT = '2.25.1';

/** Within a day nobody opens a DMP; after it a call is cheaper than a document kept back. */
export const CLOSED_DMP_HOURS = 24;

/** The establishment of the sandbox: the one the samples come from. Its FINESS numbers are of the test range. */
export const SANDBOX_ESTABLISHMENT: Establishment = {
  id: 'demo',
  name: 'Centre hospitalier de démonstration',
  finessEj: '0B0000011',
  sector: 'SA01',
  zone: 'Europe/Paris',
  ippRoot: '2.25.224918310396250343098525528834132237391',
  sites: [
    { finessEg: '0B0000012', name: 'Site nord' },
    { finessEg: '0B0000013', name: 'Site sud' },
  ],
  consentNotCollected: 'deposit',
  closedDmpHours: CLOSED_DMP_HOURS,
};

/** The sender of the sandbox: it may act for any structure, and declares visibility and identity for all it sends. */
export const SANDBOX_SENDER: Sender = {
  id: 'sandbox',
  establishment: 'demo',
  structures: '*',
  site: '0B0000012',
  policy: {
    visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false },
    identity: 'qualified-only',
    consent: 'informed-without-opposition',
    unchanged: 'warn',
  },
};
