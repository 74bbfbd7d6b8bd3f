import type { DeliveryOutcome } from '../../words/delivery.ts';
import type { NoticeError, NoticeKind } from '../../words/notice.ts';
import { sentenceOf } from '../sentence.ts';

/** What the sender is told of one way in which a delivery to the DMP can end, or wait. */
export interface NoticeRule {
  /** The situation, as in the documents of an integrator. */
  situation: string;
  outcome: DeliveryOutcome | null;
  /** Code of the delivery; null for any other of this outcome. */
  code: string | null;
  /** Null: nothing is sent, because nothing has ended; the work list has it. */
  notice: Extract<NoticeKind, 'Z01'> | null;
  /** OBX-5. */
  success: boolean;
  /** ERR-5.1 and ERR-5.2; null: the code of the DMP and its words. */
  error: { code: string; label: string } | null;
}

/** Stands for the code of a withdrawal that was carried out, however the DMP said so. */
export const WITHDRAWN = 'withdrawn';

/**
 * The whole table (docs/notices.md shows it; a test holds them together). Codes of ours begin with `VIADUC-`, so that none
 * is ever taken for one of the DMP. First row that fits.
 */
export const NOTICE_RULES: readonly NoticeRule[] = [
  row('retiré du DMP par l’établissement après son dépôt', 'delivered', WITHDRAWN, false, [
    'VIADUC-RETRAIT',
    "Document retiré du DMP par l'établissement après son dépôt",
  ]),
  row('délivré au DMP, remplacé, supprimé', 'delivered', null, true, null),
  row('opposition du patient', 'refused', 'delivery.patient-opposed', false, [
    'VIADUC-OPPOSITION',
    "Le patient s'oppose à l'alimentation de son DMP",
  ]),
  row('information du patient non recueillie', 'refused', 'delivery.consent-not-collected', false, [
    'VIADUC-CONSENTEMENT',
    "L'information du patient sur le DMP n'est pas recueillie",
  ]),
  row('DMP fermé ou inexistant, dit par ZFA-1 depuis peu', 'refused', 'delivery.dmp-closed', false, [
    'VIADUC-DMP-FERME',
    "Le patient n'a pas de DMP ouvert (ZFA-1) : il n'a pas été appelé",
  ]),
  row(
    'suppression d’un document inconnu de la passerelle et du DMP',
    'refused',
    'delivery.target-unknown',
    false,
    ['VIADUC-INCONNU', 'Document inconnu de la passerelle et du DMP : rien à supprimer'],
  ),
  row('DMP fermé, dit par TD0.2 avant le dépôt', 'refused', 'delivery.dmp-found-closed', false, [
    'VIADUC-DMP-FERME',
    'Le DMP du patient est fermé (TD0.2)',
  ]),
  row('DMP inexistant, dit par TD0.2 avant le dépôt', 'refused', 'delivery.dmp-absent', false, [
    'VIADUC-DMP-ABSENT',
    "Le patient n'a pas de DMP (TD0.2)",
  ]),
  row('refus du DMP : fermé, absent, métadonnées…', 'refused', null, false, null),
  row("annulé par une personne, ou par la suppression avant l'envoi", 'cancelled', null, false, [
    'VIADUC-ANNULE',
    'Envoi annulé avant son départ',
  ]),
  row("remplacé avant l'envoi par une version plus récente", 'superseded', null, false, [
    'VIADUC-REMPLACE',
    'Remplacé par une version plus récente avant son envoi',
  ]),
  row('sans confirmation', 'unconfirmed', null, false, [
    'VIADUC-NON-CONFIRME',
    "Aucune confirmation n'est revenue",
  ]),
  waiting("en attente d'une personne (identité, droits, configuration), même longtemps"),
  waiting("retenu, même au-delà de sa date : la retenue tombe d'elle-même et la livraison part"),
];

function row(
  situation: string,
  outcome: DeliveryOutcome,
  code: string | null,
  success: boolean,
  error: [string, string] | null,
): NoticeRule {
  return {
    situation,
    outcome,
    code,
    notice: 'Z01',
    success,
    error: error && { code: error[0], label: error[1] },
  };
}

function waiting(situation: string): NoticeRule {
  return { situation, outcome: null, code: null, notice: null, success: false, error: null };
}

/** Why a delivery did not succeed, as ERR-5 says it; null when it did. */
export function errorOf(outcome: DeliveryOutcome, code: string): Omit<NoticeError, 'detail'> | null {
  const rule = NOTICE_RULES.find(
    (one) => one.outcome === outcome && (one.code === null || one.code === code),
  )!;
  if (rule.success) return null;
  if (rule.error) return rule.error;
  const label = sentenceOf(code)?.message.fr ?? 'Refusé par le DMP';
  return code.startsWith('delivery.')
    ? { code: 'VIADUC-REFUS', label: `${label} (${code})` }
    : { code, label };
}
