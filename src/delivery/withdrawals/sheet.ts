import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, DocumentRow, SubmissionRow, WithdrawalRow } from '../../ledger/views.ts';
import type { PatientFacts } from '../../words/document.ts';
import type { Environment } from '../../words/environment.ts';
import type { Establishment } from '../../words/establishment.ts';
import { sourceInfoOf } from '../../xds/patient.ts';
import { parsePersonal } from '../job.ts';
import { deletionsOf, waitsForSupport } from './decide.ts';
import { withdrawalError } from './errors.ts';

/** What the sheet says beside what the ledger holds. */
export interface SheetContext {
  environment: Environment;
  establishment: Establishment;
  product: { name: string; version: string };
}

interface SheetDocument {
  document: DocumentRow;
  deposit: DeliveryRow;
  submission: SubmissionRow;
}

/**
 * What a person gives to the support of the DMP where the gateway may not call it: the identifiers of the documents and of
 * their lots, the dates, the structure, and of the patient the birth name, first name and date of birth. Never the INS: it
 * is transmitted to nobody while it is not qualified (INS/va1.53). Who asked and why stays inside.
 * @throws ViaducError `withdrawal.not-by-support`, `withdrawal.record-missing`
 */
export async function supportSheet(
  view: LedgerView,
  row: WithdrawalRow,
  context: SheetContext,
): Promise<string> {
  const waiting = (await deletionsOf(view, row)).filter(waitsForSupport);
  if (waiting.length === 0) throw withdrawalError('withdrawal.not-by-support');
  const deletion = (await view.submission(row.submission!))!;
  const bytes = deletion.personalRef ? await view.personal(deletion.personalRef) : null;
  if (!bytes) throw withdrawalError('withdrawal.record-missing');
  const left = new Set(waiting.flatMap(({ documents }) => documents));
  const documents = await Promise.all(
    row.documents.filter((one) => left.has(one)).map((one) => readDocument(view, row, one)),
  );
  const patient = parsePersonal(bytes).facts[0]?.patient ?? null;
  return [
    ...heading(row, deletion, context),
    ...documents.flatMap((one) => documentLines(one)),
    ...patientLines(patient),
  ].join('\n');
}

async function readDocument(view: LedgerView, row: WithdrawalRow, uniqueId: string): Promise<SheetDocument> {
  const deposits = await Promise.all(row.deposits.map((id) => view.delivery(id)));
  const deposit = deposits.find((one) => one?.documents.includes(uniqueId));
  const documents = deposit ? await view.documents(deposit.submission) : [];
  const document = documents.find((one) => one.uniqueId === uniqueId);
  const submission = deposit ? await view.submission(deposit.submission) : null;
  if (!deposit || !document || !submission) throw withdrawalError('withdrawal.record-missing');
  return { document, deposit, submission };
}

function heading(row: WithdrawalRow, { facts }: SubmissionRow, context: SheetContext): string[] {
  const { environment, establishment, product } = context;
  return [
    'FICHE DE RETRAIT POUR LE SUPPORT DU DMP',
    ...(environment === 'production' ? [] : [`DONNÉES DE TEST (environnement ${environment})`]),
    '',
    "Demande : supprimer du DMP les documents ci-dessous. L'identité sous laquelle ils ont été déposés n'est plus",
    "qualifiée ; l'INS ne peut donc pas être transmis, et la transaction TD3.3c n'a pas été appelée.",
    '',
    line('Référence du retrait', row.id),
    line('Demandé le', row.asked.at),
    line('Confirmé le', row.decided?.at ?? null),
    line('Établissement', `${establishment.name} (FINESS ${establishment.finessEj})`),
    line('Structure du dépôt', `${facts.structure.name} (${facts.structure.id})`),
    line('Logiciel', `${product.name} ${product.version}`),
    '',
  ];
}

function documentLines({ document, deposit, submission }: SheetDocument): string[] {
  const { uniqueId, setId, versionNumber, typeCode, effectiveTime } = document;
  return [
    line('Document (uniqueId)', uniqueId),
    line('Identifiant au DMP (entryUUID)', deposit.entries[uniqueId] ?? null),
    line('Série (setId), version', `${setId ?? '—'}, ${versionNumber ?? '—'}`),
    line('Type (typeCode)', typeCode),
    line('Date du document', effectiveTime),
    line('Lot de soumission (uniqueId)', deposit.lot?.uniqueId ?? null),
    line('Reçu de la passerelle le', submission.receivedAt),
    line('Déposé au DMP le', deposit.finishedAt),
    line('Empreinte de la réponse du DMP', deposit.receipt?.sha256 ?? null),
    '',
  ];
}

function patientLines(patient: PatientFacts | null): string[] {
  const info = sourceInfoOf(patient, 'UN');
  const name = info?.names.find(({ type }) => type === 'L') ?? info?.names[0];
  return [
    'Patient, pour vérification :',
    line('Nom de naissance', name?.family ?? null),
    line('Prénom', name?.given ?? null),
    line('Date de naissance', info?.birthDate ?? null),
    '',
  ];
}

function line(label: string, value: string | null): string {
  return `${`${label} `.padEnd(34, '.')} ${value ?? 'non connu'}`;
}
