import { type ReadOptions, readMail } from '../../../../src/delivery/mssante/message/read.ts';
import { ID } from './outgoing.ts';

/** Mails as others write them: our own writing, in the forms that Postfix, Exchange and receiving gateways have. */

export const MESSAGE_ID = `<${ID}@ch-essai.mssante.fr>`;
export const SUBJECT = "XDM/1.0/DDM+Lettre de liaison a la sortie d'un etabl TCHITCHI CATARINA 21/06/1936";

export const OPTIONS: ReadOptions = {
  isTrusted: (domain) => ['ch-essai.mssante.fr', 'medecin.mssante.fr', 'patient.mssante.fr'].includes(domain),
  patientDomain: 'patient.mssante.fr',
};

export function mail(headers: readonly string[], body = ''): Buffer {
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body.replace(/\r?\n/g, '\r\n')}`);
}

export const read = (raw: Buffer) => readMail(raw, OPTIONS);

/** A multipart mail; each part is its headers, an empty line and its content. */
export function multipart(type: string, headers: readonly string[], parts: readonly string[]): Buffer {
  const body = parts.map((part) => `--limite\n${part}\n`).join('');
  return mail([...headers, `Content-Type: ${type}; boundary="limite"`], `${body}--limite--\n`);
}

export const PARTNER = [
  'Return-Path: <labo@medecin.mssante.fr>',
  'From: "Laboratoire d\'essai" <labo@medecin.mssante.fr>',
  'To: viaduc@ch-essai.mssante.fr',
  'Message-ID: <1@medecin.mssante.fr>',
];

export const TEXT = 'Content-Type: text/plain; charset=utf-8\n\nBonjour.';

export function zip(name = 'IHE_XDM.zip', type = 'application/zip', content = 'UEsgYXJjaGl2ZQ=='): string {
  return `Content-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${content}`;
}

export function documentMail(
  parts = [TEXT, zip()],
  headers: readonly string[] = [`Subject: ${SUBJECT}`],
): Buffer {
  return multipart('multipart/mixed', [...PARTNER, ...headers], parts);
}

/** A DSN in the form of Postfix, its last block and the headers that come back as given. */
export function dsn(
  recipient: readonly string[],
  change: { returned?: string; envelope?: string } = {},
): Buffer {
  const { returned = `Content-Type: text/rfc822-headers\n\n${RETURNED}`, envelope = ID } = change;
  const head = ['Reporting-MTA: dns; mx.operateur.mssante.fr'];
  if (envelope) head.push(`Original-Envelope-Id: ${envelope}`);
  head.push('X-Postfix-Queue-ID: 4XyZ01', 'Arrival-Date: Wed, 25 Nov 2026 10:30:05 +0100 (CET)');
  return multipart(
    'multipart/report; report-type=delivery-status',
    [
      ...['Return-Path: <>', 'From: MAILER-DAEMON@mx.operateur.mssante.fr (Mail Delivery System)'],
      ...['Subject: Mail Delivery Status', 'To: viaduc@ch-essai.mssante.fr', 'Auto-Submitted: auto-replied'],
    ],
    [
      'Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system.',
      `Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n${head.join('\n')}\n\n${recipient.join('\n')}\n`,
      returned,
    ],
  );
}

export const RETURNED = `Return-Path: <viaduc@ch-essai.mssante.fr>
From: viaduc@ch-essai.mssante.fr
Subject: ${SUBJECT}
Message-ID: ${MESSAGE_ID}
X-MSS-INS: O
`;

export const TO_CABINET = [
  'Final-Recipient: rfc822; cabinet@medecin.mssante.fr',
  'Original-Recipient: rfc822;cabinet@medecin.mssante.fr',
];

/** An MDN; `fields` come after those that every one has. */
export function mdn(fields: readonly string[], headers: readonly string[] = [`Subject: ${SUBJECT}`]): Buffer {
  const notification = [
    'Reporting-UA: dpi.essai; Passerelle 1.0',
    'Final-Recipient: rfc822;labo@medecin.mssante.fr',
    ...fields,
  ];
  return multipart(
    'multipart/report; report-type=disposition-notification',
    [...PARTNER, ...headers],
    [
      TEXT,
      `Content-Type: message/disposition-notification\n\n${notification.join('\n')}\n`,
      `Content-Type: message/rfc822\n\n${RETURNED}\nBonjour.`,
    ],
  );
}
