import { join } from 'node:path';
import { computeIndicators, type IndicatorInput } from '../../src/indicators/compute.ts';
import { loadDefinition } from '../../src/indicators/definitions.ts';
import { type IndicatorFacts, NO_FACTS } from '../../src/indicators/facts.ts';
import { PreparedFacts } from '../../src/indicators/prepare.ts';
import type { IndicatorReport, IndicatorResult } from '../../src/indicators/report.ts';
import type { Establishment } from '../../src/words/establishment.ts';
import type { DeliveredDocument, MailedDocument, MailReceipt } from '../../src/words/figures.ts';
import type { DsnAction } from '../../src/words/mail.ts';
import type { StayReference } from '../../src/words/request.ts';
import type { Exam, Stay } from '../../src/words/stay.ts';

const profiles = join(import.meta.dirname, '..', '..', 'profiles', 'indicators');
export const sunEs = await loadDefinition(join(profiles, 'sun-es.yaml'));
export const suiviContinu = await loadDefinition(join(profiles, 'suivi-continu.yaml'));

export const EJ = '0B0000011';
export const EG = '0B0000012';
export const OTHER_EG = '0B0000013';

export const hospital: Establishment = {
  id: 'demo',
  name: 'Centre hospitalier de démonstration',
  finessEj: EJ,
  sector: 'SA01',
  zone: 'Europe/Paris',
  ippRoot: null,
  consentNotCollected: 'deposit',
  closedDmpHours: 24,
  sites: [
    { finessEg: EG, name: 'Site principal' },
    { finessEg: OTHER_EG, name: 'Site annexe' },
  ],
};

export const NIR = '1.2.250.1.213.1.4.8';
export const NIR_TEST = '1.2.250.1.213.1.4.10';
export const LOINC = '2.16.840.1.113883.6.1';

export function stay(stayNo: string, over: Partial<Stay> = {}): Stay {
  return {
    finessEj: EJ,
    finessEg: EG,
    stayNo,
    visitNo: null,
    patient: `patient of ${stayNo}`,
    class: 'I',
    admittedAt: '2022-06-10T08:00:00.000Z',
    dischargedAt: '2022-06-15T12:00:00.000Z',
    dischargeMode: '8',
    specialty: null,
    hasSurgery: false,
    isSession: false,
    motherStayNo: null,
    ...over,
  };
}

export function stays(count: number, over: Partial<Stay> = {}): Stay[] {
  return Array.from({ length: count }, (_, index) => stay(`S${index + 1}`, over));
}

export function exam(examId: string, over: Partial<Exam> = {}): Exam {
  return {
    finessEj: EJ,
    finessEg: EG,
    patient: null,
    stayNo: null,
    kind: 'BIO',
    examId,
    accession: null,
    studyUid: null,
    performedAt: '2022-06-14T08:00:00.000Z',
    validatedAt: '2022-06-15T08:00:00.000Z',
    inHouse: true,
    ...over,
  };
}

export function reference(number: string | null, over: Partial<StayReference> = {}): StayReference {
  return { finessEg: EG, number, visit: null, class: null, admittedAt: null, dischargedAt: null, ...over };
}

let made = 0;

/** A document accepted by the DMP: a discharge letter unless told otherwise. */
export function deposit(over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  made += 1;
  return {
    submission: `sub-${made}`,
    delivery: `del-${made}`,
    destination: 'dmp',
    uniqueId: `2.25.${made}`,
    operation: 'deposit',
    target: null,
    chain: `chain-${made}`,
    deliveredAt: '2022-06-15T13:00:00.000Z',
    typeCode: '11490-0',
    typeCodeSystem: LOINC,
    templateIds: ['1.2.250.1.213.1.1.1.29'],
    level: 3,
    effectiveTime: '20220615150000+0200',
    serviceTime: null,
    stay: null,
    exam: null,
    exams: [],
    person: null,
    identityRoot: NIR,
    ...over,
  };
}

export function letter(stayNo: string, over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  return deposit({ stay: reference(stayNo), ...over });
}

export function prescription(stayNo: string, over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  return letter(stayNo, { typeCode: '57833-6', templateIds: ['1.2.250.1.213.1.1.1.39'], ...over });
}

export function biology(examId: string, over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  return deposit({
    typeCode: '11502-2',
    templateIds: ['1.2.250.1.213.1.1.1.55', '1.3.6.1.4.1.19376.1.3.3'],
    exam: { kind: 'BIO', id: examId, accession: null, studyUid: null },
    ...over,
  });
}

export function imaging(over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  return deposit({ typeCode: '18748-4', templateIds: ['1.2.250.1.213.1.1.1.45'], ...over });
}

export function replacement(of: DeliveredDocument, over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  made += 1;
  const own = { submission: `sub-${made}`, delivery: `del-${made}`, uniqueId: `2.25.${made}` };
  return {
    ...of,
    ...own,
    operation: 'replace',
    target: of.uniqueId,
    deliveredAt: '2022-06-16T13:00:00.000Z',
    ...over,
  };
}

export function deletion(of: DeliveredDocument, over: Partial<DeliveredDocument> = {}): DeliveredDocument {
  made += 1;
  const own = { submission: `sub-${made}`, delivery: `del-${made}` };
  return {
    ...of,
    ...own,
    operation: 'delete',
    target: of.uniqueId,
    deliveredAt: '2022-06-17T13:00:00.000Z',
    ...over,
  };
}

/** What a receipt says, and when it came. */
export function receipt(
  says: DsnAction | 'mdn' | 'ko' | 'bounce',
  at = '2022-06-15T13:10:00.000Z',
): MailReceipt {
  made += 1;
  const isDsn = says !== 'mdn' && says !== 'ko' && says !== 'bounce';
  const failed = ['failed', 'ko', 'bounce'].includes(says);
  return { id: `rec-${made}`, at, kind: isDsn ? 'dsn' : says, action: isDsn ? says : null, failed };
}

/** A discharge letter mailed to a professional, taken over by the operator; not confirmed unless told otherwise. */
export function mail(stayNo: string, over: Partial<MailedDocument> = {}): MailedDocument {
  const { destination: _, deliveredAt: __, ...document } = letter(stayNo);
  return {
    ...document,
    class: 'professional',
    recipient: 'doctor',
    acceptedAt: '2022-06-15T13:00:00.000Z',
    outcome: null,
    finishedAt: null,
    receipts: [],
    ...over,
  };
}

/** The same mail with the receipts that came, ended by the first of them that decides, as the gateway ends it. */
export function told(mailed: MailedDocument, ...receipts: MailReceipt[]): MailedDocument {
  const inOrder = receipts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const decides = inOrder.find(({ kind, action }) => kind === 'dsn' && action !== 'delayed');
  const outcome = decides ? (decides.failed ? 'refused' : 'delivered') : mailed.outcome;
  return { ...mailed, receipts: inOrder, outcome, finishedAt: decides?.at ?? mailed.finishedAt };
}

/** A letter mailed and confirmed. */
export function mailed(stayNo: string, over: Partial<MailedDocument> = {}): MailedDocument {
  return told(mail(stayNo, over), receipt('relayed'));
}

export type Facts = Partial<IndicatorFacts>;
export type Over = Partial<Omit<IndicatorInput, 'facts' | 'window' | 'period' | 'from' | 'to'>> &
  Partial<Record<'window' | 'period' | 'from' | 'to', string>>;

/** June 2022 of one site in production, variant official without grace: what the golden scenarios say unless told. */
export function report(facts: Facts | PreparedFacts, over: Over = {}): IndicatorReport {
  const { window, period, from, to, ...rest } = over;
  const days = window ? { window } : from && to ? { from, to } : { period: period ?? '2022-06' };
  return computeIndicators({
    definition: sunEs,
    scope: { level: 'EG', finess: EG },
    variant: 'official',
    asOf: '2023-06-01T00:00:00Z',
    environment: 'production',
    establishment: hospital,
    facts: facts instanceof PreparedFacts ? facts : { ...NO_FACTS, ...facts },
    ...rest,
    ...days,
  });
}

export function figure(code: string, facts: Facts, over: Over = {}): IndicatorResult {
  return resultIn(report(facts, over), code);
}

export function resultIn(from: Pick<IndicatorReport, 'indicators'>, code: string): IndicatorResult {
  return from.indicators.find((one) => one.code === code)!;
}

/** `[numerator, denominator]` of an indicator. */
export function fraction(code: string, facts: Facts, over: Over = {}): [number | null, number | null] {
  const { numerator, denominator } = figure(code, facts, over);
  return [numerator, denominator];
}
