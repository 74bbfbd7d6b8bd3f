import { expect, test } from 'vitest';
import { writeArchive } from '../../../src/xds/xdm/archive.ts';
import { verifyArchive } from '../../../src/xds/xdm/verify.ts';
import { archiveOf, sample } from './archives.ts';

const letter = sample('discharge-letter.xml');
const failed = (what: string) => ({ code: 'xdm.self-check-failed', values: { what } });

test('an archive of ours is what it has to be', async () => {
  await verifyArchive(await writeArchive(archiveOf([letter, sample('discharge-prescription.xml')])));
});

test('metadata of another document are seen before they leave', async () => {
  const { facts } = sample('discharge-prescription.xml');
  const { size, sha1 } = letter.facts;
  const archive = await writeArchive(archiveOf([{ ...letter, facts: { ...facts, size, sha1 } }]));
  await expect(verifyArchive(archive)).rejects.toMatchObject(failed('xdm.header-differs'));
});

test('another archive than the one meant', async () => {
  const [one, other] = [await writeArchive(archiveOf([letter])), sample('discharge-letter-v2.xml')];
  const { lot } = await writeArchive(archiveOf([other]));
  await expect(verifyArchive({ ...one, lot })).rejects.toMatchObject(failed('xdm.file-missing'));
});

test('an archive cut short', async () => {
  const { bytes, lot } = await writeArchive(archiveOf([letter]));
  await expect(verifyArchive({ bytes: bytes.subarray(0, -1), lot })).rejects.toMatchObject(
    failed('xdm.not-a-zip'),
  );
});
