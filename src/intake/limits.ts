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

export const mllpLimits = limits({
  connections: {
    value: 256,
    unit: 'connections',
    why: 'a hospital has some tens of systems, each with a few; more means one that opens and never closes',
  },
  messagesInHand: {
    value: 4,
    unit: 'messages of one connection',
    why: 'worked on side by side and answered in order: a slow line never waits for a judge, and sixty busy ones stay under what all doors may have in hand',
  },
  connectionBytes: {
    value: 32 * 1024 * 1024,
    unit: 'bytes of one connection',
    why: 'beyond it nothing more is read until something was answered',
  },
  readingBytes: {
    value: 192 * 1024 * 1024,
    unit: 'bytes',
    why: 'frames that have begun, over all connections: two of the largest and many ordinary ones; the next is told to come later',
  },
  brokenFrames: {
    value: 20,
    unit: 'broken frames or stray pieces of one connection',
    why: 'a peer that speaks something else is not listened to for ever',
  },
  errorSegments: {
    value: 20,
    unit: 'ERR segments',
    why: 'what a screen of an integration engine shows; the last one counts the rest, which stand in the report',
  },
  errorTextLength: {
    value: 250,
    unit: 'characters',
    why: 'of ERR-7 and ERR-8: the length that version 2.5 gives ERR-8',
  },
  mailBodyLength: { value: 20_000, unit: 'characters', why: 'text of a mail, as over HTTP' },
  handshakeMs: { value: 10_000, unit: 'ms', why: 'of TLS; a peer that does not finish it holds a place' },
  goodbyeMs: {
    value: 2_000,
    unit: 'ms',
    why: 'how long a peer has to close its half once everything was answered',
  },
});
