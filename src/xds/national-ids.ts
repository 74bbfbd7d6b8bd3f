/** Two first characters of a department: `01` to `99`, `2A`, `2B`, and `0B` in the test directory. */
const NINE = /^[0-9][0-9AB]\d{7}$/;

/**
 * Struct_IdNat of a structure: a bare FINESS (9 characters) gets its prefix `1`, anything else stays. Senders of HL7 v2
 * write the bare number (samples of the CI-SIS interface, PRT-8); the DMP compares the prefixed form.
 */
export function nationalStructureId(id: string): string {
  return NINE.test(id) ? `1${id}` : id;
}

/** PS_IdNat of a professional: a bare RPPS (11 digits) gets `8`, a bare ADELI (9 characters) `0`, anything else stays. */
export function nationalProfessionalId(id: string): string {
  if (/^\d{11}$/.test(id)) return `8${id}`;
  return NINE.test(id) ? `0${id}` : id;
}

/** Prefix before an internal identifier, by that of the structure: ADELI practice, FINESS, SIREN, SIRET, RPPS practice. */
const JOB_PREFIXES: Readonly<Record<string, string>> = { 0: '1', 1: '3', 2: '4', 3: '5', 4: '6' };

/**
 * Identifier of the gateway as a job of a structure: prefixes before an internal identifier are others than those of the
 * structure alone (sheet dmp-xds, 3.3).
 */
export function jobId(structure: string): string {
  const id = nationalStructureId(structure);
  return `${JOB_PREFIXES[id[0] ?? ''] ?? id[0]}${id.slice(1)}/VIADUC`;
}
