import { decodeBase64 } from '../../hl7v2/base64.ts';
import type { Segment } from '../../hl7v2/message.ts';
import { isViaducError } from '../../words/errors.ts';
import { mllpLimits } from '../limits.ts';
import type { SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import { type DocumentMessage, FLAG_CODES, type FlagCode, type Observation } from './structure.ts';

export type Flags = Readonly<Record<FlagCode, boolean>>;

/** The flags of a message, and the texts of its mails. */
export interface Metadata {
  flags: Flags;
  /** NTE "FIN" after DESTMSSANTEPAT: the patient cannot answer. */
  patientMayAnswer: boolean;
  bodies: { professional: string | null; patient: string | null };
}

/** Fourth step: flags and their aliases. What says who may see a document is never assumed. */
export function readMetadata(
  { flags, documents }: DocumentMessage,
  profile: SenderProfile,
  remarks: Remarks,
): Metadata {
  const last = documents.at(-1)?.obx ?? null;
  const entries = FLAG_CODES.map((code) => [
    code,
    readFlag(code, flags.get(code) ?? [], last, profile, remarks),
  ]);
  const notes = (flags.get('DESTMSSANTEPAT') ?? []).flatMap((one) => one.notes);
  return {
    flags: Object.fromEntries(entries) as Flags,
    patientMayAnswer: !notes.some((note) =>
      [note.text(4), note.text(3)].some((text) => text.toUpperCase() === 'FIN'),
    ),
    bodies: {
      professional: readBody('CORPSMAIL_PS', flags, remarks),
      patient: readBody('CORPSMAIL_PATIENT', flags, remarks),
    },
  };
}

function readFlag(
  flag: FlagCode,
  found: readonly Observation[],
  last: Segment | null,
  profile: SenderProfile,
  remarks: Remarks,
): boolean {
  const values = found.map(({ obx }) => obx.text(5).toUpperCase());
  if (values.length === 0) {
    const assumed = (profile.assumed as readonly string[]).includes(flag);
    remarks.add(
      assumed ? 'message.flag-assumed' : 'message.flag-missing',
      last?.place() ?? null,
      { flag },
      assumed ? 'warning' : 'error',
    );
    return false;
  }
  const wrong = found.find(({ obx }) => !['Y', 'N'].includes(obx.text(5).toUpperCase()));
  if (wrong)
    remarks.add('message.flag-value', wrong.obx.place(5), {
      flag,
      value: wrong.obx.text(5).slice(0, 20) || '-',
    });
  else if (new Set(values).size > 1) remarks.add('message.flag-twice', found[1]!.obx.place(5), { flag });
  return values[0] === 'Y';
}

function readBody(flag: string, flags: DocumentMessage['flags'], remarks: Remarks): string | null {
  const [first] = flags.get(flag) ?? [];
  if (!first) return null;
  const { obx } = first;
  const data = obx.component(5, 5);
  if (data.length === 0) return plainBody(obx);
  try {
    const { bytes, repaired } = decodeBase64(data, true);
    const { value: most } = mllpLimits.mailBodyLength;
    // The last sign of a text cut short is no character any more.
    const text = bytes.toString('utf8').replace(/\ufffd$/, '');
    if (repaired.includes('last-character'))
      remarks.add('message.mail-body-repaired', obx.place(5, 5), { flag }, 'warning');
    if (text.length <= most) return text;
    const why = { fr: `il dépasse ${most} caractères`, en: `it exceeds ${most} characters` };
    remarks.add('message.mail-body-unreadable', obx.place(5, 5), { flag, why });
  } catch (error) {
    if (!isViaducError(error)) throw error;
    remarks.add('message.mail-body-unreadable', obx.place(5, 5), { flag, why: error.values.why ?? '-' });
  }
  return null;
}

/** A text that stands in OBX-5 as it is, as the table of the interface can be read too. */
function plainBody(obx: Segment): string | null {
  const text = obx.whole(5);
  return text === '' || text.includes('^') ? null : text;
}
