import { type Decoded, decodeBase64 } from '../../hl7v2/base64.ts';
import { isViaducError } from '../../words/errors.ts';
import type { SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import { Tolerant } from './required-fields.ts';
import type { Observation } from './structure.ts';

const REPAIRED: Readonly<Record<Decoded['repaired'][number], { fr: string; en: string }>> = {
  'line-breaks': { fr: 'des retours à la ligne', en: 'line breaks' },
  padding: { fr: 'un remplissage absent', en: 'missing padding' },
  'last-character': { fr: 'un dernier caractère de trop', en: 'a last character too many' },
};

/** Sixth step: the bytes of each document, exactly as its sender encoded them. What is no XML at all is refused here. */
export function readDocuments(
  documents: readonly Observation[],
  profile: SenderProfile,
  remarks: Remarks,
): Buffer[] {
  const form = new Tolerant(profile, remarks);
  return documents.flatMap(({ obx }) => {
    const place = obx.place(5, 5);
    const data = obx.component(5, 5);
    if (data.length === 0) {
      remarks.add('message.field-missing', place, { field: 'OBX-5.5' });
      return [];
    }
    form.oneOf(obx, 5, 'OBX-5.3', ['XML'], 3);
    form.oneOf(obx, 5, 'OBX-5.4', ['Base64'], 4);
    try {
      const { bytes, repaired } = decodeBase64(data);
      for (const what of repaired)
        remarks.add('message.document-repaired', place, { what: REPAIRED[what] }, 'warning');
      if (beginsLikeXml(bytes)) return [bytes];
      remarks.add('message.not-a-document', place);
    } catch (error) {
      if (!isViaducError(error)) throw error;
      remarks.add('message.field-form', place, {
        field: 'OBX-5.5',
        what: error.values.why ?? { fr: 'il n’est pas en base64', en: 'it is no base64' },
      });
    }
    return [];
  });
}

/** After a byte order mark and white space, `<`; two-byte encodings begin with their mark. */
function beginsLikeXml(bytes: Buffer): boolean {
  const [a, b] = bytes;
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) return true;
  const head = bytes
    .subarray(0, 256)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  return head.startsWith('<');
}
