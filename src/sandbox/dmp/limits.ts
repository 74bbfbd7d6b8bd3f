import { limits } from '../../words/limits.ts';

export const dmpSandboxLimits = limits({
  messageBytes: {
    value: 80 * 1024 * 1024,
    unit: 'bytes',
    why: 'the greatest document of the gateway is 50 MB; one part of it may come in base64, a third longer',
  },
  partHeaderBytes: {
    value: 16 * 1024,
    unit: 'bytes',
    why: 'headers of a MIME part hold under 1 KB; more is made to fill memory',
  },
  parts: {
    value: 64,
    unit: 'MIME parts',
    why: 'a lot holds a few documents and one signature; each part costs objects before anything is checked',
  },
  slotValueCharacters: {
    value: 256,
    unit: 'UTF-16 code units',
    why: 'ebRIM 3.0 types slot values and names of identifiers as LongName, at most 256 characters',
  },
  localizedCharacters: {
    value: 1024,
    unit: 'UTF-16 code units',
    why: 'ebRIM 3.0 types LocalizedString values as FreeFormText, at most 1024 characters',
  },
  queryValueCharacters: {
    value: 10_000,
    unit: 'UTF-16 code units',
    why: 'a list of some hundred identifiers; a longer one is split over several values, and a pattern is run over it',
  },
  problems: {
    value: 100,
    unit: 'RegistryError elements',
    why: 'an answer says everything at once, but a hostile message of a million faults must not make one of a gigabyte',
  },
  receiveMs: {
    value: 120_000,
    unit: 'ms',
    why: 'a peer that sends nothing must not hold a connection for ever; 50 MB pass in seconds on loopback',
  },
  keepAliveMs: {
    value: 65_000,
    unit: 'ms',
    why: 'longer than a client keeps an idle connection, so that the server is not the one who closes it under a request',
  },
  adminBodyBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    why: 'faults, switches and a list of patients are small JSON',
  },
  faultRules: {
    value: 1000,
    unit: 'rules',
    why: 'each request is matched against all of them',
  },
  refusalsKept: {
    value: 200,
    unit: 'refused requests',
    why: 'enough to find one’s own among parallel tests; the memory of a long run stays bounded',
  },
  shown: {
    value: 50,
    unit: 'rows',
    why: 'one page for a person; the heading of each document is read to show it',
  },
  listed: {
    value: 1000,
    unit: 'rows',
    why: 'one page of a list; a load test stores tens of thousands of documents',
  },
});
