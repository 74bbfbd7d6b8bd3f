import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SubmissionRequest } from '../words/request.ts';

/** What the matrix looks at. */
type Asked = Readonly<
  Record<
    'masked' | 'hiddenPatient' | 'hiddenRepresentatives' | 'secret' | 'dmp' | 'professionals' | 'patient',
    boolean
  >
>;
type Row = Partial<Asked>;

interface Mode {
  /** Only what fits one of these rows is allowed. */
  allow?: Row[];
  /** What fits one of these rows is refused. */
  refuse?: Row[];
}

export type MailMatrix = 'strict' | 'lenient';

let matrix: Record<MailMatrix, Mode> | null = null;

/** Whether the matrix of MSSanté allows a request; one without mail is outside of it. Data: `profiles/mssante/matrix.yaml`. */
export function mailAllowed(request: SubmissionRequest, mode: MailMatrix): boolean {
  const asked = askedBy(request);
  if (!asked.professionals && !asked.patient) return true;
  matrix ??= parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'profiles', 'mssante', 'matrix.yaml'), 'utf8'),
  ) as Record<MailMatrix, Mode>;
  const { allow, refuse = [] } = matrix[mode];
  if (refuse.some((row) => fits(row, asked))) return false;
  return allow === undefined || allow.some((row) => fits(row, asked));
}

function askedBy({ visibility, secretConnection, destinations }: SubmissionRequest): Asked {
  return {
    masked: visibility.maskedToProfessionals,
    hiddenPatient: visibility.hiddenFromPatient,
    hiddenRepresentatives: visibility.hiddenFromRepresentatives,
    secret: secretConnection,
    dmp: destinations.dmp,
    professionals: destinations.mssante.some((one) => one.class !== 'patient'),
    patient: destinations.patient,
  };
}

function fits(row: Row, asked: Asked): boolean {
  return Object.entries(row).every(([name, value]) => asked[name as keyof Asked] === value);
}
