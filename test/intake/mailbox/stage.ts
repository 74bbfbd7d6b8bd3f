import { createHash } from 'node:crypto';
import type { SmtpResult, Submission } from '../../../src/delivery/mssante/wire/smtp.ts';
import type { NoticePolicy } from '../../../src/delivery/notices/queue.ts';
import { MailboxDesk, type MailboxDeskOptions } from '../../../src/intake/mailbox/desk.ts';
import { mailboxLimits } from '../../../src/intake/mailbox/limits.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { systemClock } from '../../../src/words/clock.ts';
import type { Verdict } from '../../../src/words/findings.ts';
import type { MailKind } from '../../../src/words/mail.ts';
import type { SubmissionRequest } from '../../../src/words/request.ts';
import { writeArchive } from '../../../src/xds/xdm/archive.ts';
import { bodyOf, fresh } from '../../ledger/making.ts';
import { archiveOf, type Given } from '../../xds/xdm/archives.ts';

export const SUBJECT = 'XDM/1.0/DDM+Lettre de liaison PAT-TROIS DOMINIQUE 28/03/1979';
export const AUTHOR = 'labo@medecin.mssante.fr';
export const MAILBOX = 'dpi@ch-essai.mssante.fr';
export const MESSAGE_ID = '<7b1@medecin.mssante.fr>';

export const ASKING = [`Return-Path: <${AUTHOR}>`, `Disposition-Notification-To: <${AUTHOR}>`];

/** A mail that carries an archive, as a partner would send it. */
export function mailOf(archive: Uint8Array, headers: readonly string[] = ASKING): Buffer {
  const lines = [
    ...headers,
    ...[`From: Labo <${AUTHOR}>`, `To: <${MAILBOX}>`, `Subject: ${SUBJECT}`, `Message-ID: ${MESSAGE_ID}`],
    ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b'],
    ...['Content-Type: text/plain; charset=utf-8', '', 'Bonjour, un document est joint.', '--b'],
    ...['Content-Type: application/zip; name=IHE_XDM.zip', 'Content-Transfer-Encoding: base64'],
    ...['Content-Disposition: attachment; filename=IHE_XDM.zip', ''],
    Buffer.from(archive).toString('base64').replace(/.{76}/g, '$&\r\n'),
    ...['--b--', ''],
  ];
  return Buffer.from(lines.join('\r\n'));
}

export async function archive(
  documents: Given[],
  operation: SubmissionRequest['operation'] = 'deposit',
  around: Parameters<typeof archiveOf>[2] = {},
): Promise<Buffer> {
  return (await writeArchive(archiveOf(documents, operation, around))).bytes;
}

/** Stores a mail as it is stored when it comes in. */
export async function arrive(ledger: Ledger, raw: Buffer, kind: MailKind = 'document'): Promise<string> {
  const mail = fresh();
  const { reference, body } = bodyOf(fresh(), raw);
  const sha256 = createHash('sha256').update(raw).digest('hex');
  await ledger.append({
    ...{ establishment: 'one', nowMs: Date.now(), bodies: [{ ...body, retention: 'wire' }] },
    events: [
      {
        type: 'mail.received',
        data: {
          ...{ mail, mailbox: 'dpi', position: { uidValidity: '1', uid: 1 }, sha256 },
          ...{ kind, reason: 'archive', body: reference },
        },
      },
    ],
  });
  return mail;
}

const VALID: Verdict = { judgement: 'valid', findings: [], notEvaluated: [], packs: [], profile: null };

export const POLICY: NoticePolicy = {
  schedule: { text: '1ms, …', waitsMs: [1], endless: true },
  answerMs: 1500,
  parkAfterMs: 1e12,
};

export const TAKEN: SmtpResult = {
  kind: 'accepted',
  smtpCode: 250,
  reply: '250 ok',
  queueId: null,
  receipts: true,
};

/** A desk on one mailbox, whose operator answers by a script and writes down what it was given. */
export class DeskStage {
  readonly sent: Submission[] = [];
  readonly results: (SmtpResult | 'hang')[] = [];
  readonly parked: string[] = [];
  readonly desk: MailboxDesk;

  constructor(
    ledger: Ledger,
    port: number | null,
    changes: Partial<MailboxDeskOptions> & { errorBox?: string } = {},
  ) {
    const { errorBox = null, ...options } = changes;
    this.desk = new MailboxDesk({
      ...{ ledger, establishment: 'one', environment: 'sandbox', policy: POLICY },
      clock: {
        now: () => Date.now(),
        after: (ms, action) => systemClock.after(ms === mailboxLimits.pollMs.value ? 20 : ms, action),
      },
      checks: {
        judge: async ({ bytes }) => ({
          ...{ verdict: VALID, facts: null, identity: null, ms: 0 },
          sha256: createHash('sha256').update(bytes).digest('hex'),
        }),
      },
      consumerOf: () => 'ris',
      mailbox: {
        ...{ id: 'dpi', address: MAILBOX, displayName: 'Hôpital d’essai', errorBox, nullSender: true },
        unit: { id: '3435', name: "Service d'urologie", structure: '120456789' },
        submit: (mail) => this.#submit(mail),
      },
      consumer: {
        where: port === null ? null : { host: '127.0.0.1', port, tls: null },
        address: {
          ...{ application: 'PFI-Y', facility: 'Organisation-Y', charset: 'utf-8', processingId: 'P' },
          ...{ receivingApplication: 'RIS-Y', receivingFacility: 'Organisation-Y' },
        },
      },
      ...{ own: [MAILBOX], product: 'Viaduc; 1.0', nil: 'NIL-1', random: () => 0 },
      schedule: POLICY.schedule,
      onFailure: (error) => {
        throw error;
      },
      onParked: ({ code }) => this.parked.push(code),
      onError: (error) => {
        throw error;
      },
      ...options,
    });
  }

  async #submit(mail: Submission): Promise<SmtpResult> {
    this.sent.push(mail);
    const next = this.results.shift() ?? TAKEN;
    return next === 'hang' ? new Promise(() => {}) : next;
  }
}
