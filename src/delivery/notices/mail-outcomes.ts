import type { DeliveryOutcome } from '../../words/delivery.ts';
import type { NoticeError, NoticeKind } from '../../words/notice.ts';
import { OTHER_ERROR } from '../mssante/message/mdn.ts';
import { SMTP_CODES } from '../mssante/message/smtp-codes.ts';
import { sentenceOf } from '../sentence.ts';

type ErrorWords = Omit<NoticeError, 'detail'>;

/** What the sender is told of one thing that may happen to a mail (docs/notices.md shows the table; a test holds them together). */
export interface MailNoticeRule {
  situation: string;
  /** Null: nothing is sent. */
  notice: Exclude<NoticeKind, 'Z01'> | null;
  /** OBX-5. */
  success: boolean;
  /** ERR-5, in words; null when it succeeded. */
  error: string | null;
}

/** The whole table of mails (sheet MSSanté, 9.1). Codes of ours begin with `VIADUC-`, as for the DMP. */
export const MAIL_NOTICE_RULES: readonly MailNoticeRule[] = [
  { situation: 'DSN : remis, relayé ou diffusé à une liste', notice: 'Z02', success: true, error: null },
  {
    situation: "refusé par l'opérateur à l'envoi, ou DSN : non remis",
    ...{ notice: 'Z02', success: false, error: 'le code SMTP (table SMTPERRORCODE)' },
  },
  { situation: 'trop grand', notice: 'Z02', success: false, error: '`552`, pour un patient `523`' },
  { situation: 'adresse malformée', notice: 'Z02', success: false, error: '`553`' },
  {
    situation: 'autre refus de la passerelle : identité, domaine hors liste blanche…',
    ...{ notice: 'Z02', success: false, error: '`VIADUC-REFUS`' },
  },
  {
    situation: "annulé par une personne, ou par la suppression avant l'envoi",
    ...{ notice: 'Z02', success: false, error: '`VIADUC-ANNULE`' },
  },
  {
    situation: "remplacé avant l'envoi par une version plus récente",
    ...{ notice: 'Z02', success: false, error: '`VIADUC-REMPLACE`' },
  },
  { situation: 'DSN : retardé', notice: null, success: false, error: null },
  {
    situation: 'aucun DSN dans le délai, ou clos sans confirmation par une personne',
    notice: null,
    success: false,
    error: null,
  },
  { situation: "en doute, ou en attente d'une personne", notice: null, success: false, error: null },
  { situation: 'MDN sans erreur', notice: 'Z03', success: true, error: null },
  {
    situation: "MDN avec erreur, ou courriel d'échec d'intégration",
    ...{ notice: 'Z03', success: false, error: 'le code du destinataire (900 à 906)' },
  },
  {
    situation: "MDN qui ne dit ni l'un ni l'autre (lecture non déclarée)",
    notice: null,
    success: false,
    error: null,
  },
];

const BY_CODE: Readonly<Record<string, string>> = {
  'mssante.too-large': '552',
  'mssante.too-large-for-setting': '552',
  'mssante.too-large-for-operator': '552',
  'mssante.too-large-for-patient': '523',
  'mssante.address-malformed': '553',
};

const BY_OUTCOME: Readonly<Partial<Record<DeliveryOutcome, ErrorWords>>> = {
  cancelled: { code: 'VIADUC-ANNULE', label: 'Envoi annulé avant son départ' },
  superseded: {
    code: 'VIADUC-REMPLACE',
    label: 'Remplacé par une version plus récente avant son envoi',
  },
};

/** Why a mail was not received, as ERR-5 of a `Z02` says it; null when it was. */
export function receptionError(outcome: DeliveryOutcome, code: string): NoticeError | null {
  if (outcome === 'delivered') return null;
  return { ...(BY_OUTCOME[outcome] ?? refusal(code)), detail: null };
}

function refusal(code: string): ErrorWords {
  const smtp = BY_CODE[code] ?? smtpCode(code);
  if (smtp) return { code: smtp, label: SMTP_CODES[smtp]! };
  const label = sentenceOf(code)?.message.fr ?? 'Envoi refusé';
  return { code: 'VIADUC-REFUS', label: `${label} (${code})` };
}

/** One that the table of the interface does not have is told by the last word of its class. */
function smtpCode(code: string): string | null {
  if (Object.hasOwn(SMTP_CODES, code)) return code;
  return /^[45]\d\d$/.test(code) ? (code.startsWith('4') ? '451' : '554') : null;
}

/** Codes by which a receiving system says why it did not integrate a document (table applicationErrorCondition). */
export const READING_ERRORS: Readonly<Record<string, string>> = {
  900: "Version du document incorrecte lors d'une demande de remplacement ou de suppression",
  901: 'Auteur non autorisé à remplacer ou supprimer un document',
  902: 'Identifiant patient inconnu',
  903: 'INS non présent dans le document',
  904: "L'INS transmis ne correspond pas exactement à celui du destinataire",
  905: "L'INS transmis n'est pas complet",
  906: "Erreur 'Autre'",
};

/** Why a mail was not integrated, as ERR-5 of a `Z03` says it. The words are ours: those of a receiver may name a patient. */
export function readingError(code: string | null): NoticeError {
  const known = code ?? OTHER_ERROR;
  return {
    code: known,
    label: READING_ERRORS[known] ?? "Erreur d'intégration chez le destinataire",
    detail: null,
  };
}
