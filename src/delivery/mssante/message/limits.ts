import { limits } from '../../../words/limits.ts';

export const messageLimits = limits({
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
  mail: {
    value: 50_000_000,
    unit: 'bytes',
    why: 'a mail that is taken apart; operators take 10 to 25 MB',
  },
  mailHeaders: {
    value: 256_000,
    unit: 'bytes',
    why: 'headers of all parts of a mail together; a mail that went through ten servers has some 15,000',
  },
  mimeDepth: {
    value: 20,
    unit: 'levels',
    why: 'parts within parts; a report with the mail it speaks of has four',
  },
  parts: {
    value: 200,
    unit: 'parts',
    why: 'of one mail: an archive and the PDFs of a hundred documents, twice',
  },
  base64Units: {
    value: 500_000,
    unit: 'pieces',
    why: 'of one part, each ended by padding: one, or the lines of a writer that pads each',
  },
  enclosedMails: {
    value: 5,
    unit: 'mails',
    why: 'within a mail, that are looked into: one level, some forwarded at once',
  },
  readText: {
    value: 200_000,
    unit: 'characters',
    why: 'of the text of a mail as kept and shown; the raw mail is kept',
  },
  readSubject: {
    value: 1_000,
    unit: 'characters',
    why: 'of a subject as kept and shown; ours have some 120',
  },
  messageIds: {
    value: 50,
    unit: 'identifiers',
    why: 'of mails that another mail names; a long exchange has some ten',
  },
  reportFields: {
    value: 1_000,
    unit: 'fields',
    why: 'of one report; it has five and then six for each recipient',
  },
  reportRecipients: { value: 100, unit: 'recipients', why: 'of one report; our mails have one' },
  errorLabel: {
    value: 200,
    unit: 'characters',
    why: 'words beside an error code, that go into an HL7 field',
  },
});
