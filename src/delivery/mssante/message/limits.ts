import { limits } from '../../../words/limits.ts';

export const messageLimits = limits({
  address: {
    value: 254,
    unit: 'characters',
    why: 'an address of a mail; RFC 5321 gives a path 256 with its brackets',
  },
  localPart: { value: 64, unit: 'characters', why: 'what stands before the @ (RFC 5321, 4.5.3.1.1)' },
  label: {
    value: 40,
    unit: 'characters',
    why: 'label of a document in a subject and in a file name (ECO.2.1.3, ECO.2.1.6)',
  },
  nameInFile: {
    value: 60,
    unit: 'characters',
    why: 'a name of the patient in the name of a PDF: the whole must fit the 255 bytes of a file system',
  },
  displayName: { value: 200, unit: 'characters', why: 'name shown with a sender; longer ones are cut' },
  bodyText: {
    value: 20_000,
    unit: 'characters',
    why: 'a text of ours for the body of a mail, as those of a request',
  },
});
