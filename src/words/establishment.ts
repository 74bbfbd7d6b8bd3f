/** A tenant: the legal entity (FINESS EJ, 9 characters) and its sites (FINESS EG). */
export interface Establishment {
  /** Short stable name used in configuration, in the API and as the ledger's partition: letters, digits, `-`. */
  id: string;
  name: string;
  finessEj: string;
  /** JDV_J02 / JDV_J61 sector of activity, such as SA01 for a public hospital. */
  sector: string;
  /** IANA time zone in which days of stays are counted. */
  zone: string;
  /** OID of the local patient identifiers (IPP), by which stays and documents of one person are brought together; null when unknown. */
  ippRoot: string | null;
  sites: Site[];
  /** What to do with a document for the DMP while it is not known whether the patient opposes. */
  consentNotCollected: ConsentNotCollected;
  /** How long a statement that the patient has no open DMP (ZFA-1) spares the call. Hours; after them the DMP is asked. */
  closedDmpHours: number;
}

/** By which settings documents leave for the DMP. */
export type FeedingPolicy = Pick<Establishment, 'consentNotCollected' | 'closedDmpHours'>;

/** `deposit`: send, and leave a trace; `hold`: wait for a person or for the statement; `refuse`: end the delivery. */
export type ConsentNotCollected = 'deposit' | 'hold' | 'refuse';

/** A geographic site. */
export interface Site {
  finessEg: string;
  name: string;
}

/** What a person or a system may do in one establishment (design, Roles). */
export type Role = 'sender' | 'it' | 'identity' | 'unit' | 'dim' | 'auditor' | 'admin';

export const ROLES: readonly Role[] = ['sender', 'it', 'identity', 'unit', 'dim', 'auditor', 'admin'];

export interface Grant {
  establishment: string;
  role: Role;
}

/** A configured peer system: who it is, and what it declares once instead of in every request. */
export interface Sender {
  /** Short stable name, unique in its establishment. */
  id: string;
  establishment: string;
  /** Structures (`1` + FINESS…) in whose name it may send; `*` for any. */
  structures: string[] | '*';
  policy: SenderPolicy;
  /** Where it takes notices; absent: it takes none, and what it asked to be told waits. */
  notices?: NoticeEndpoint;
  /** Site (FINESS EG) of the movements of its messages that name none. */
  site?: string;
}

/** From which mailbox of an establishment submissions leave: the first for which all that it names fits. */
export interface MailboxRule {
  /** Short stable name, part of the identifier of its destination. */
  id: string;
  establishment: string;
  senders?: readonly string[];
  /** Structures (`1` + FINESS…) in whose name they leave. */
  structures?: readonly string[];
  /** Codes of responsible units, or FINESS of sites. */
  units?: readonly string[];
}

/** An MLLP server of a sender, to which notices go. */
export interface NoticeEndpoint {
  host: string;
  port: number;
  /** Character set of the notices. */
  charset: 'utf-8' | 'iso-8859-15';
  /** Null: a plain connection. */
  tls: NoticeTls | null;
}

/** Files in PEM. With certificate and key the connection is mutual. */
export interface NoticeTls {
  authorities: string | null;
  certificate: string | null;
  key: string | null;
  passphraseFile: string | null;
  /** Name that its certificate must bear; the host when null. */
  serverName: string | null;
}

/** What holds for every document of a sender unless its request says otherwise. Absent members must come with the request. */
export interface SenderPolicy {
  visibility?: {
    maskedToProfessionals: boolean;
    hiddenFromPatient: boolean;
    hiddenFromRepresentatives: boolean;
  };
  /** `qualified-only`: the sender puts an INS on a document only when the identity is qualified (specs INS 4.2, rule 3). */
  identity?: 'qualified-only';
  consent?: 'informed-without-opposition';
  destinations?: { dmp: boolean };
  /** What to do with a document that repeats the previous one of its series. */
  unchanged?: 'warn' | 'refuse';
  /** Deposits of documents dated so many days ago, or more, are a load of the past: they leave behind all others. */
  historicAfterDays?: number;
  rules?: RulesPolicy;
  /** Which matrix of MSSanté judges its flags; `lenient` when absent. */
  mailMatrix?: 'strict' | 'lenient';
}

/** By which rules the documents of a sender are judged, and what follows. Absent members allow everything. */
export interface RulesPolicy {
  /** Packs allowed, by id. */
  packs?: string[];
  /** Editions of models allowed, such as `2024.01`. */
  editions?: string[];
  /** `observe`: what Schematrons find is recorded as warnings and refuses nothing. `enforce` when absent. */
  mode?: 'observe' | 'enforce';
  /** Whether a rule that could not be evaluated refuses the document. `accept` when absent. */
  notEvaluated?: 'accept' | 'refuse';
}
