import type { PersonReport } from '../../console/person/report.ts';

type Submission = PersonReport['submissions'][number];

/** What is held of a person, in French for who asked, part by part; documents themselves are named, not shown. */
export function reportText(report: PersonReport): string {
  const { at, establishment, identities, consents, dmp, stays, exams, submissions, accesses } = report;
  return [
    `Données conservées par la passerelle pour ${establishment.name} (${establishment.id}), le ${at}`,
    ...part('Identité', identities.map(identity)),
    ...part('Opposition et consentement', [
      ...consents.map(
        ({ feeding, collectedAt, visit }) =>
          `${feeding}, recueilli ${collectedAt || 'sans date'}${visit ? ` (séjour ${visit.stayNo ?? visit.visitNo})` : ''}`,
      ),
      ...(dmp ? [`DMP ${dmp.status} au ${dmp.at}`] : []),
    ]),
    ...part(
      'Séjours',
      stays.map(
        ({ finessEg, stayNo, admittedAt, dischargedAt }) =>
          `${finessEg} / ${stayNo} : ${admittedAt ?? '?'} – ${dischargedAt ?? '?'}`,
      ),
    ),
    ...part(
      'Examens',
      exams.map(
        ({ finessEg, kind, examId, performedAt }) => `${finessEg} / ${kind} ${examId}, ${performedAt ?? '?'}`,
      ),
    ),
    ...part('Documents reçus et envoyés', submissions.flatMap(submission)),
    ...part(
      'Consultations de ces données',
      accesses.map(({ at: when, act, by, reason }) => `${when} ${act} par ${by} (${reason})`),
    ),
  ].join('\n');
}

function part(title: string, lines: string[]): string[] {
  return ['', title, ...(lines.length === 0 ? ['  néant'] : lines.map((line) => `  ${line}`))];
}

function identity({ status, statedAt, traits }: PersonReport['identities'][number]): string {
  return `${status.join(' ')} au ${statedAt} : ${traits ? values(traits) : 'traits effacés'}`;
}

function submission(one: Submission): string[] {
  const { id, receivedAt, sender, state, documents, deliveries, notices, held, refusedDocument } = one;
  const patients = held !== null && typeof held === 'object' && 'patients' in held ? held.patients : [];
  return [
    `${receivedAt} reçu de ${sender}, ${state} (${id})`,
    ...[...new Set((patients as unknown[]).map((patient) => `  patient : ${values(patient)}`))],
    ...documents.map(
      ({ uniqueId, typeCode, size, kept }) =>
        `  document ${uniqueId}, type ${typeCode}, ${size} octets : ${standing(kept)}`,
    ),
    ...(refusedDocument
      ? [`  document refusé, ${refusedDocument.size} octets : ${standing(refusedDocument.kept)}`]
      : []),
    ...deliveries.map(
      ({ destination, operation, state: now, outcome, finishedAt }) =>
        `  ${operation} vers ${destination.kind} : ${outcome ?? now}${finishedAt ? ` le ${finishedAt}` : ''}`,
    ),
    ...notices.map(({ kind, to, state: now, createdAt }) => `  avis ${kind} à ${to} : ${now}, ${createdAt}`),
  ];
}

function standing(kept: Submission['documents'][number]['kept']): string {
  return kept.kept
    ? 'conservé'
    : `détruit le ${'at' in kept ? kept.at : '?'} (${'decision' in kept ? kept.decision : '?'})`;
}

/** The values of a record in its own order, without its structure. */
function values(record: unknown): string {
  if (record === null || record === undefined) return '';
  if (typeof record !== 'object') return String(record);
  return Object.values(record)
    .map(values)
    .filter((value) => value !== '')
    .join(', ');
}
