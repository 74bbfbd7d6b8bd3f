/**
 * Numbered migrations; each is applied once, in its own transaction, and never edited after it has landed. Tables `p_…`
 * are projections: readings of the events that can be dropped and made again (`rebuild`).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    establishment TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (establishment, seq)
  ) STRICT;

  CREATE TABLE event_streams (
    establishment TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (establishment, stream, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seals (
    establishment TEXT NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    text TEXT NOT NULL, signature TEXT NOT NULL,
    PRIMARY KEY (establishment, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE persons (
    establishment TEXT NOT NULL, person TEXT NOT NULL, wrapped BLOB, erased_at TEXT,
    PRIMARY KEY (establishment, person)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE person_index (
    establishment TEXT NOT NULL, hash TEXT NOT NULL, person TEXT NOT NULL,
    PRIMARY KEY (establishment, hash)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE personal (
    establishment TEXT NOT NULL, ref TEXT NOT NULL, person TEXT NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (establishment, ref)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bodies (
    establishment TEXT NOT NULL, id TEXT NOT NULL, person TEXT, wrapped BLOB,
    file TEXT NOT NULL, "offset" INTEGER NOT NULL, length INTEGER NOT NULL, retention TEXT NOT NULL,
    PRIMARY KEY (establishment, id)
  ) STRICT, WITHOUT ROWID;
  `,
  // Files of bodies of which parts are dead: bytes of these, whether nothing is appended to them any more, and since when
  // nothing in them is read. Proofs bind a row of the search index to its person.
  `
  CREATE TABLE body_files (
    file TEXT PRIMARY KEY, waste INTEGER NOT NULL, retired INTEGER NOT NULL, obsolete_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE person_index_proofs (
    establishment TEXT NOT NULL, hash TEXT NOT NULL, proof TEXT NOT NULL,
    PRIMARY KEY (establishment, hash)
  ) STRICT, WITHOUT ROWID;
  `,
  // Which types of events were ever written, so that a build that does not know one of them leaves the ledger alone.
  `
  CREATE TABLE event_types (type TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO event_types (type) SELECT DISTINCT type FROM events;
  CREATE TRIGGER events_types AFTER INSERT ON events BEGIN
    INSERT OR IGNORE INTO event_types (type) VALUES (new.type);
  END;
  `,
];

/**
 * The oldest schema whose builds may still write data of this one: every migration behind it only adds tables, indexes, and
 * columns that may be left out. A release raises it only by what the release before knew already, so that one step back is
 * always open. What the ledger itself says of it prevails: see `refuseNewer`.
 */
export const WRITABLE_FROM = 3;

/** The projections as they are made from nothing; their version is the SHA-256 of this text. */
export const PROJECTION_TABLES = `
  CREATE TABLE p_submissions (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, received_at TEXT NOT NULL,
    sender TEXT NOT NULL, door TEXT NOT NULL, operation TEXT, state TEXT NOT NULL,
    request_key TEXT, request_sha256 TEXT NOT NULL, code TEXT, status INTEGER,
    site TEXT, stay_no TEXT, visit_no TEXT, target TEXT, facts TEXT NOT NULL,
    person TEXT, personal_ref TEXT, body TEXT, gone TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE UNIQUE INDEX p_submissions_order ON p_submissions (establishment, seq);
  CREATE INDEX p_submissions_unsettled ON p_submissions (establishment, state, seq) WHERE state <> 'final';
  CREATE INDEX p_submissions_request ON p_submissions (establishment, request_key, seq) WHERE request_key IS NOT NULL;
  CREATE INDEX p_submissions_stay ON p_submissions (establishment, stay_no) WHERE stay_no IS NOT NULL;
  CREATE INDEX p_submissions_visit ON p_submissions (establishment, visit_no) WHERE visit_no IS NOT NULL;
  CREATE INDEX p_submissions_person ON p_submissions (establishment, person) WHERE person IS NOT NULL;

  CREATE TABLE p_documents (
    establishment TEXT NOT NULL, submission TEXT NOT NULL, unique_id TEXT NOT NULL, seq INTEGER NOT NULL,
    sender TEXT NOT NULL, set_id TEXT, type_code TEXT NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (establishment, unique_id, submission)
  ) STRICT;
  CREATE INDEX p_documents_submission ON p_documents (establishment, submission);
  CREATE INDEX p_documents_series ON p_documents (establishment, set_id, seq) WHERE set_id IS NOT NULL;

  CREATE TABLE p_deliveries (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, destination TEXT NOT NULL, destination_id TEXT NOT NULL,
    chain TEXT NOT NULL, operation TEXT NOT NULL, submission TEXT NOT NULL, documents TEXT NOT NULL, lane TEXT NOT NULL,
    state TEXT NOT NULL, outcome TEXT, code TEXT, due_at_ms INTEGER, waits_for TEXT,
    hold TEXT, hold_until_ms INTEGER, escalated TEXT, attempts INTEGER NOT NULL, charged INTEGER NOT NULL, doubt INTEGER NOT NULL, stood TEXT, asked INTEGER NOT NULL, lot TEXT, sent_at TEXT, accepted TEXT, results TEXT, entries TEXT, receipt TEXT, finished_at TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_deliveries_work ON p_deliveries (destination_id, lane, due_at_ms, seq) WHERE state IN ('due', 'ambiguous');
  CREATE INDEX p_deliveries_held ON p_deliveries (kind, due_at_ms) WHERE state = 'waiting' AND waits_for IS NULL;
  CREATE INDEX p_deliveries_holds ON p_deliveries (establishment, hold_until_ms) WHERE hold IS NOT NULL;
  CREATE INDEX p_deliveries_chain ON p_deliveries (establishment, chain, seq);
  CREATE INDEX p_deliveries_waiting ON p_deliveries (establishment, waits_for, state, seq) WHERE waits_for IS NOT NULL;
  CREATE INDEX p_deliveries_state ON p_deliveries (establishment, state, seq);

  CREATE TABLE p_envelopes (
    establishment TEXT NOT NULL, envelope TEXT NOT NULL, delivery TEXT NOT NULL,
    PRIMARY KEY (establishment, envelope)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_mails (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, received_at TEXT NOT NULL, mailbox TEXT NOT NULL,
    uid_validity TEXT NOT NULL, uid INTEGER NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT, body TEXT NOT NULL, person TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE UNIQUE INDEX p_mails_order ON p_mails (establishment, seq);
  CREATE INDEX p_mails_bytes ON p_mails (establishment, mailbox, sha256);

  CREATE TABLE p_receipts (
    establishment TEXT NOT NULL, id TEXT NOT NULL, delivery TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
    mail TEXT NOT NULL, facts TEXT NOT NULL, personal_ref TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_receipts_delivery ON p_receipts (establishment, delivery, seq);

  CREATE TABLE p_sorted (
    establishment TEXT NOT NULL, mail TEXT NOT NULL, mailbox TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT, outcome TEXT, code TEXT,
    why TEXT, open INTEGER NOT NULL,
    PRIMARY KEY (establishment, mail)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_sorted_open ON p_sorted (establishment, mailbox, seq) WHERE open = 1;

  CREATE TABLE p_integrations (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, created_at TEXT NOT NULL, mail TEXT NOT NULL,
    mailbox TEXT NOT NULL, consumer TEXT NOT NULL, place INTEGER NOT NULL, control_id TEXT NOT NULL, unique_id TEXT NOT NULL,
    content TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, code TEXT, due_at_ms INTEGER, ended_at TEXT,
    resumed_at TEXT, person TEXT, personal_ref TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_integrations_mail ON p_integrations (establishment, mail, place);
  CREATE INDEX p_integrations_queue ON p_integrations (establishment, mailbox, seq) WHERE state = 'due';
  CREATE INDEX p_integrations_document ON p_integrations (establishment, unique_id, seq);
  CREATE INDEX p_integrations_person ON p_integrations (establishment, person);

  CREATE TABLE p_answers (
    establishment TEXT NOT NULL, mail TEXT NOT NULL, id TEXT, seq INTEGER NOT NULL, at TEXT NOT NULL, mailbox TEXT, content TEXT,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, code TEXT, due_at_ms INTEGER, sent_at TEXT, peer TEXT, person TEXT, personal_ref TEXT,
    PRIMARY KEY (establishment, mail)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_answers_queue ON p_answers (establishment, mailbox, seq) WHERE state IN ('due', 'sending');
  CREATE INDEX p_answers_peer ON p_answers (establishment, peer, at);

  CREATE TABLE p_destinations (
    establishment TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL, code TEXT, by_whom TEXT, reason TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_submission_deliveries (
    establishment TEXT NOT NULL, submission TEXT NOT NULL, delivery TEXT NOT NULL, joined INTEGER NOT NULL,
    PRIMARY KEY (establishment, submission, delivery)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_submission_deliveries_delivery ON p_submission_deliveries (establishment, delivery);

  CREATE TABLE p_stays (
    establishment TEXT NOT NULL, finess_eg TEXT NOT NULL, stay_no TEXT NOT NULL, row TEXT NOT NULL,
    PRIMARY KEY (establishment, finess_eg, stay_no)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_movements (
    establishment TEXT NOT NULL, visit TEXT NOT NULL, seq INTEGER NOT NULL, person TEXT, movement TEXT NOT NULL,
    PRIMARY KEY (establishment, visit, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_visits (
    establishment TEXT NOT NULL, visit TEXT NOT NULL, finess_eg TEXT NOT NULL, stay_no TEXT, row TEXT,
    PRIMARY KEY (establishment, visit)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_visits_file ON p_visits (establishment, finess_eg, stay_no);

  CREATE TABLE p_identities (
    establishment TEXT NOT NULL, person TEXT NOT NULL, seq INTEGER NOT NULL, stated_at TEXT NOT NULL,
    qualified INTEGER NOT NULL, traits TEXT, statement TEXT NOT NULL,
    PRIMARY KEY (establishment, person)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_merges (
    establishment TEXT NOT NULL, merged TEXT NOT NULL, kept TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (establishment, merged, kept)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_merges_kept ON p_merges (establishment, kept, kind, merged);

  CREATE TABLE p_consents (
    establishment TEXT NOT NULL, person TEXT NOT NULL, visit TEXT NOT NULL, seq INTEGER NOT NULL, collected_at TEXT NOT NULL,
    feeding TEXT NOT NULL, site TEXT, stay_no TEXT, visit_no TEXT,
    PRIMARY KEY (establishment, person, visit)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_dmp_states (
    establishment TEXT NOT NULL, person TEXT NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (establishment, person)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_notices (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, created_at TEXT NOT NULL, submission TEXT NOT NULL,
    sender TEXT NOT NULL, kind TEXT NOT NULL, control_id TEXT NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, code TEXT, due_at_ms INTEGER, acknowledged_at TEXT, resumed_at TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_notices_order ON p_notices (establishment, seq);
  CREATE INDEX p_notices_queue ON p_notices (establishment, sender, seq) WHERE state = 'due';
  CREATE INDEX p_notices_submission ON p_notices (establishment, submission);

  CREATE TABLE p_work (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, opened_at TEXT NOT NULL, cause TEXT NOT NULL,
    role TEXT NOT NULL, code TEXT, submission TEXT, delivery TEXT, notice TEXT, stay TEXT, withdrawal TEXT, mail TEXT,
    closed INTEGER NOT NULL,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_work_open ON p_work (establishment, seq) WHERE closed = 0;

  CREATE TABLE p_gone (
    establishment TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (establishment, kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_withdrawals (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL, documents TEXT NOT NULL,
    deposits TEXT NOT NULL, item TEXT, reason TEXT NOT NULL, asked_at TEXT NOT NULL, asked_by TEXT NOT NULL, asked_token TEXT NOT NULL,
    decided_at TEXT, decided_by TEXT, decided_reason TEXT, ended_at TEXT, ended_by TEXT, ended_reason TEXT, submission TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE UNIQUE INDEX p_withdrawals_order ON p_withdrawals (establishment, seq);

  CREATE TABLE p_retries (
    establishment TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, started_at TEXT NOT NULL, started_by TEXT NOT NULL,
    reason TEXT NOT NULL, filter TEXT NOT NULL, rate INTEGER NOT NULL, count INTEGER NOT NULL, request_key TEXT,
    state TEXT NOT NULL, changed_at TEXT NOT NULL, changed_by TEXT,
    PRIMARY KEY (establishment, id)
  ) STRICT;
  CREATE INDEX p_retries_order ON p_retries (establishment, seq);
  CREATE INDEX p_retries_key ON p_retries (establishment, request_key) WHERE request_key IS NOT NULL;
  CREATE INDEX p_retries_state ON p_retries (establishment, state, seq);

  CREATE TABLE p_retry_items (
    establishment TEXT NOT NULL, retry TEXT NOT NULL, delivery TEXT NOT NULL, place INTEGER NOT NULL, version INTEGER NOT NULL,
    state TEXT NOT NULL, why TEXT, opened_seq INTEGER,
    PRIMARY KEY (establishment, retry, delivery)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX p_retry_items_place ON p_retry_items (establishment, retry, state, place);

  CREATE TABLE p_exams (
    establishment TEXT NOT NULL, finess_eg TEXT NOT NULL, kind TEXT NOT NULL, exam_id TEXT NOT NULL, row TEXT NOT NULL,
    PRIMARY KEY (establishment, finess_eg, kind, exam_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_restores (
    establishment TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, resend_until TEXT NOT NULL,
    lost_to_seal INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (establishment, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE p_tokens (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE, grants TEXT NOT NULL, sender TEXT, revoked INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Names of the projections, to drop them. */
export const PROJECTIONS = [...PROJECTION_TABLES.matchAll(/CREATE TABLE (p_\w+)/g)].map((found) => found[1]!);
