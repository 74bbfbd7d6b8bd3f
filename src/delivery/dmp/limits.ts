import { limits } from '../../words/limits.ts';

export const dmpLimits = limits({
  answer: {
    value: 2_000_000,
    unit: 'bytes',
    why: 'the longest true answer is a list of errors or of entries, some kilobytes; beyond, it is not the DMP that speaks',
  },
  parts: {
    value: 64,
    unit: 'MIME parts in one answer',
    why: 'the transactions used here answer in one part; the cap stops a crafted answer from making thousands',
  },
  detail: {
    value: 2_000,
    unit: 'characters',
    why: 'text of an error as kept with an outcome; the whole answer is kept as evidence beside it',
  },
  code: {
    value: 100,
    unit: 'characters',
    why: 'an error code goes into an HL7 field and a column; the longest known one has 46',
  },
  openHours: {
    value: 4,
    unit: 'hours',
    why: 'a record found open is not asked about again meanwhile (sheet dmp-xds, 6.2: hours); a closed one is refused at the deposit all the same',
  },
  openPatients: {
    value: 100_000,
    unit: 'patients remembered',
    why: 'more than a large hospital sees in those hours; some ten megabytes',
  },
  revocationList: {
    value: 30_000_000,
    unit: 'bytes',
    why: 'some 600,000 revoked certificates; the lists of authorities of servers are far below',
  },
  ocspAnswer: {
    value: 100_000,
    unit: 'bytes',
    why: 'an answer about one certificate, with those of its signer',
  },
  revocationWait: {
    value: 5_000,
    unit: 'ms',
    why: 'a first connection waits for it once; a firewall that drops packets must not take longer',
  },
  errors: {
    value: 100,
    unit: 'RegistryError elements read',
    why: 'the first ones decide; a registry that repeats itself for ever does not fill memory',
  },
});
