import { parseTime } from '../cda/times.ts';
import type { Environment } from '../words/environment.ts';
import { type Finding, finding } from '../words/findings.ts';
import type { SubmissionRequest } from '../words/request.ts';
import { routingErrors } from './errors.ts';
import { type MailMatrix, mailAllowed } from './mail-matrix.ts';

/** What a request is judged by that says who may see a document. */
export interface DisclosureInput {
  request: SubmissionRequest;
  /** HL7 time stamp of the patient's birth, or null. */
  birthTime: string | null;
  environment: Environment;
  matrix: MailMatrix;
  nowMs: number;
}

/**
 * Rules about flags that would show a document to somebody who must not see it, the same at every door: the matrix of mail,
 * minors, secret connections.
 */
export function judgeDisclosure(input: DisclosureInput): Finding[] {
  const { request, environment, matrix } = input;
  const { visibility, secretConnection, destinations } = request;
  const secret = secretConnection || visibility.hiddenFromRepresentatives;
  const findings: Finding[] = [];
  const add = (code: keyof typeof routingErrors & string, severity: 'error' | 'warning' = 'error') =>
    findings.push(finding(routingErrors, code, { source: 'request', severity, values: { matrix } }));
  if (visibility.hiddenFromPatient && destinations.patient) add('routing.patient-mail-hidden');
  else if (!mailAllowed(request, matrix)) add('routing.mail-not-allowed');
  if (destinations.patient && secret && isMinor(input)) add('routing.minor-patient-mail');
  if (secretConnection && !visibility.hiddenFromRepresentatives)
    add('routing.secret-but-visible', environment === 'production' ? 'error' : 'warning');
  if (secretConnection && input.birthTime !== null && !isMinor(input)) add('routing.secret-adult', 'warning');
  return findings;
}

const MAJORITY_YEARS = 18;

/** Whether the patient is under 18; one whose birth is not known may be. */
function isMinor({ birthTime, nowMs }: DisclosureInput): boolean {
  const time = birthTime === null ? null : parseTime(birthTime);
  if (!time) return true;
  const [year = 0, month = 12, day = 31] = time.fields;
  return Date.UTC(year + MAJORITY_YEARS, month - 1, day) > nowMs;
}
