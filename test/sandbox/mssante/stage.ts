import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { authorityFiles, structureFiles } from '../../../src/sandbox/certificates/folder.ts';
import { type LetterOrder, writeLetter } from '../../../src/sandbox/mssante/correspondent/letter.ts';
import type { MailFault } from '../../../src/sandbox/mssante/faults.ts';
import { type ReadMail, readMail } from '../../../src/sandbox/mssante/mail.ts';
import type { MailboxOptions } from '../../../src/sandbox/mssante/mailbox.ts';
import { resetWorld } from '../../../src/sandbox/mssante/simulation.ts';
import { type MailWorld, type MailWorldOptions, startMailWorld } from '../../../src/sandbox/mssante/world.ts';
import { certificates } from '../../gateway/certificates.ts';

export const BOX = 'viaduc@ch-essai.mssante.fr';
export const GUARDED = 'garde@ch-essai.mssante.fr';
export const DOCTOR = 'medecin@cabinet.bac-a-sable.mssante.fr';
export const APPLICATION = 'application@ch.bac-a-sable.mssante.fr';
export const FULL = 'boite.pleine@ch.bac-a-sable.mssante.fr';
/** Of the sample letter: a public test identity. */
export const PATIENT = '236066322083656@patient.mssante.fr';

export const own = structureFiles(certificates, '0B0000011').client;
export const foreign = structureFiles(certificates, '750000001').client;

const MAILBOXES: MailboxOptions[] = [
  { address: BOX, kind: 'gateway', finess: '0B0000011' },
  { address: GUARDED, kind: 'gateway', finess: '0B0000011', password: 'mot-de-passe', token: 'jeton' },
];

export function sample(file = 'discharge-letter.xml'): Buffer {
  return readFileSync(join(import.meta.dirname, '..', '..', '..', 'samples', 'documents', file));
}

/** A mail with a document from the gateway's box, as a third party would write it, Return-Path left out. */
export async function letter(change: Partial<LetterOrder> = {}): Promise<Buffer> {
  const order = { from: BOX, to: DOCTOR, documents: [sample()], operation: 'new', ...change } as const;
  const { raw } = await writeLetter({ variant: null, receipt: true, nowMs: Date.now(), serial: 1, ...order });
  return raw.subarray(raw.indexOf('\r\n') + 2);
}

export interface Sending {
  from?: string;
  to?: string | string[];
  files?: { certificate: string; key: string } | null;
  auth?: { user: string; pass: string };
  notify?: ('SUCCESS' | 'FAILURE' | 'DELAY' | 'NEVER')[];
  tls?: object;
}

/** A world for the tests of a file, as new before each of them. */
export function world(options: Partial<MailWorldOptions> = {}) {
  let running: MailWorld;
  beforeAll(async () => {
    running = await startMailWorld({ certificates, mailboxes: MAILBOXES, ...options });
  });
  beforeEach(() => resetWorld(running.simulation));
  afterAll(() => running.close());
  return {
    get it() {
      return running;
    },
    fault: (...rules: MailFault[]) => running.simulation.faults.add(rules),
    refused: () =>
      running.simulation.journal.refusals().flatMap(({ reasons }) => reasons.map(({ code }) => code)),
    async send(raw: Buffer, sending: Sending = {}) {
      const {
        from = BOX,
        to = DOCTOR,
        files = own,
        notify = ['SUCCESS', 'FAILURE', 'DELAY'],
        auth,
      } = sending;
      const transport = createTransport({
        ...{ host: '127.0.0.1', port: running.smtpPort, requireTLS: true, ...(auth && { auth }) },
        tls: { ...tlsOf(files), ...sending.tls },
      });
      try {
        const dsn = { id: 'envoi-1', return: 'headers' as const, notify, recipient: [to].flat()[0]! };
        return await transport.sendMail({ envelope: { from, to }, raw, dsn });
      } finally {
        transport.close();
      }
    },
    /** Waits until a mailbox holds so many mails, and takes them apart. */
    async received(address: string, count: number): Promise<ReadMail[]> {
      const box = running.simulation.boxes.get(address)!;
      while (box.inbox.mails.length < count)
        await new Promise<void>((resolve) => box.once('change', resolve));
      return Promise.all(box.inbox.mails.map(async ({ raw }) => (await readMail(raw))!));
    },
  };
}

export function tlsOf(files: Sending['files']): object {
  const ca = readFileSync(authorityFiles(certificates).root.certificate);
  return files ? { ca, cert: readFileSync(files.certificate), key: readFileSync(files.key) } : { ca };
}

/** The part of a report that machines read. */
export function fieldsOf({ attachments }: ReadMail): string {
  const part = attachments.find(({ type }) =>
    /message\/(delivery-status|disposition-notification)/.test(type),
  );
  return part?.bytes.toString('utf8') ?? '';
}
