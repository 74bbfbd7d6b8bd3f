import { limits } from '../words/limits.ts';

export const checkLimits = limits({
  documentBytes: {
    value: 50 * 1024 * 1024,
    unit: 'bytes',
    why: 'the cap on every door; larger files are no documents',
  },
  findings: {
    value: 1000,
    unit: 'findings',
    why: 'a document that is wrong everywhere is shown its first thousand mistakes',
  },
});
