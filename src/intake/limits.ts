import { limits } from '../words/limits.ts';

export const intakeLimits = limits({
  documentBytes: {
    value: 50 * 1024 * 1024,
    unit: 'bytes',
    why: 'the cap on every door; the largest documents met are scanned files of some tens of MB',
  },
  requestBytes: {
    value: 256 * 1024,
    unit: 'bytes',
    why: 'the JSON part of a multipart: members and texts of mails, no file',
  },
  requestsInHand: {
    value: 256,
    unit: 'requests',
    why: 'requests read, judged and made durable at one time, over all doors: two seconds of work of two cores',
  },
  bytesInHand: {
    value: 128 * 1024 * 1024,
    unit: 'bytes',
    why: 'announced sizes of these requests; two of the largest documents, or a thousand ordinary ones',
  },
  documents: { value: 2, unit: 'documents', why: 'an ORU may carry two documents of one report' },
  waitSeconds: {
    value: 60,
    unit: 'seconds',
    why: 'the longest Prefer: wait; proxies close idle requests soon after',
  },
  doorDrainMs: {
    value: 4_000,
    unit: 'ms',
    why: 'how long a stop waits for bodies on their way and for answers; with the drain of deliveries it ends within 30 s',
  },
  requestKeyLength: { value: 255, unit: 'characters', why: 'an Idempotency-Key is an identifier' },
  decisions: {
    value: 20,
    unit: 'tries',
    why: 'how often a decision is taken again because another came first; more means a storm on one document',
  },
});
