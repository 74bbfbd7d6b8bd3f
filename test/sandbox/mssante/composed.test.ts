import { expect, test } from 'vitest';
import { compose, type OutgoingMail } from '../../../src/delivery/mssante/message/compose.ts';
import { writeArchive } from '../../../src/xds/xdm/archive.ts';
import { outgoing } from '../../delivery/mssante/message/outgoing.ts';
import { archiveOf, sample } from '../../xds/xdm/archives.ts';
import { BOX, DOCTOR, PATIENT, world } from './stage.ts';

const mail = world();

test.each([
  ['deposit', 'professional', DOCTOR],
  ['delete', 'professional', DOCTOR],
  ['deposit', 'patient', PATIENT],
] as const)('the operator takes what the gateway composes: %s to a %s', async (operation, kind, to) => {
  const letter = sample('discharge-letter.xml');
  const { bytes } = await writeArchive(archiveOf([letter], operation));
  const change: Partial<OutgoingMail> = {
    ...{ operation, archive: bytes, mailbox: { address: BOX, displayName: 'Hôpital d’essai' } },
    recipient: { address: to, class: kind },
    documents: [{ facts: letter.facts, pdf: Buffer.from('%PDF-1.4 essai') }],
  };
  await mail.send(await compose(outgoing(change)), { to }).catch(() => {});
  expect(mail.refused()).toEqual([]);
  expect(await mail.received(BOX, 1)).toHaveLength(1);
});
