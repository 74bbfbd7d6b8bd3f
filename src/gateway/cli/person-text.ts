import type { PersonReport } from '../../console/person/report.ts';
import { frenchInstant, frenchRecord, frenchWord } from './person-words.ts';

type Submission = PersonReport['submissions'][number];
/** How an instant is told. */
type Told = (instant: string | null | undefined) => string;

/**
 * What is held of a person, in French for who asked, part by part; documents themselves are named, not shown.
 * @param zone in which instants are told, IANA
 */
export function reportText(report: PersonReport, zone: string): string {
  const at = (instant: string | null | undefined) => frenchInstant(instant, zone);
  const { establishment, identities, consents, dmp, stays, exams, submissions, received, accesses } = report;
  return [
    `Données conservées par la passerelle pour ${establishment.name} (${establishment.id}), le ${at(report.at)}`,
    ...part(
      'Identité',
      identities.map((one) => identity(one, at)),
    ),
    ...part('Opposition et consentement', [
      ...consents.map(
        ({ feeding, collectedAt, visit }) =>
          `${frenchWord(feeding)}, recueilli : ${at(collectedAt)}${visit ? ` (séjour ${visit.stayNo ?? visit.visitNo})` : ''}`,
      ),
      ...(dmp ? [`état du DMP : ${dmp.status}, le ${at(dmp.at)}`] : []),
    ]),
    ...part(
      'Séjours',
      stays.map(
        ({ finessEg, stayNo, admittedAt, dischargedAt }) =>
          `site (FINESS) ${finessEg}, dossier ${stayNo} : entrée ${at(admittedAt)}, sortie ${at(dischargedAt)}`,
      ),
    ),
    ...part(
      'Examens',
      exams.map(
        ({ finessEg, kind, examId, performedAt }) =>
          `site (FINESS) ${finessEg}, ${kind} ${examId} : fait le ${at(performedAt)}`,
      ),
    ),
    ...part(
      'Documents reçus et envoyés',
      submissions.flatMap((one) => submission(one, at)),
    ),
    ...part(
      'Documents reçus par MSSanté',
      received.map(
        ({ receivedAt, operation, uniqueId, typeCode, size, consumer, state, kept }) =>
          `reçu le ${at(receivedAt)} : ${frenchWord(operation)}, document ${uniqueId}, type ${typeCode}, ${size} octets, ` +
          `pour ${consumer} : ${frenchWord(state)}, ${standing(kept, at)}`,
      ),
    ),
    ...part(
      'Consultations de ces données',
      accesses.map(
        ({ at: when, act, by, reason }) => `${at(when)} : ${frenchWord(act)} par ${by} (${reason})`,
      ),
    ),
  ].join('\n');
}

function part(title: string, lines: string[]): string[] {
  return ['', title, ...(lines.length === 0 ? ['  néant'] : lines.map((line) => `  ${line}`))];
}

function identity({ status, statedAt, traits }: PersonReport['identities'][number], at: Told): string {
  return `statut ${status.join(' ')} le ${at(statedAt)} : ${traits ? frenchRecord(traits) : 'traits effacés'}`;
}

function submission(one: Submission, at: Told): string[] {
  const { id, receivedAt, sender, state, documents, deliveries, notices, held, refusedDocument } = one;
  const patients = held !== null && typeof held === 'object' && 'patients' in held ? held.patients : [];
  return [
    `reçu le ${at(receivedAt)} de ${sender}, ${frenchWord(state)}, référence ${id}`,
    ...[...new Set((patients as unknown[]).map((patient) => `  patient : ${frenchRecord(patient)}`))],
    ...documents.map(
      ({ uniqueId, typeCode, size, kept }) =>
        `  document ${uniqueId}, type ${typeCode}, ${size} octets : ${standing(kept, at)}`,
    ),
    ...(refusedDocument
      ? [`  document refusé, ${refusedDocument.size} octets : ${standing(refusedDocument.kept, at)}`]
      : []),
    ...deliveries.map(
      ({ destination, operation, state: now, outcome, finishedAt }) =>
        `  ${frenchWord(operation)} vers ${frenchWord(destination.kind)} : ${frenchWord(outcome ?? now)}${finishedAt ? ` le ${at(finishedAt)}` : ''}`,
    ),
    ...notices.map(
      ({ kind, to, state: now, createdAt }) =>
        `  avis ${kind} à ${to} : ${frenchWord(now)}, le ${at(createdAt)}`,
    ),
  ];
}

function standing(kept: Submission['documents'][number]['kept'], at: Told): string {
  return kept.kept
    ? 'conservé'
    : `détruit le ${'at' in kept ? at(kept.at) : '?'} (${decision('decision' in kept ? kept.decision : undefined)})`;
}

/** `delivered 365d` is the rule that was applied and how long it keeps. */
function decision(text = '?'): string {
  const [rule = '', after] = text.split(' ');
  return after === undefined ? frenchWord(rule) : `règle « ${frenchWord(rule)} », ${after}`;
}
