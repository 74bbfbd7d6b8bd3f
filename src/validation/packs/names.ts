import { basename } from 'node:path';

/** What the file name of a Schematron says: `CI-SIS_BIO-CR-BIO_2024.01.sch` is the model BIO-CR-BIO in edition 2024.01. */
export interface ModelName {
  model: string;
  /** `2024.01`, or an older number such as `1.4`; empty when the name has none. */
  edition: string;
}

/** Reads a file name as the agency writes it: `CI-SIS_` + model + `_` + edition; a sub-version before the edition is dropped. */
export function modelName(path: string): ModelName {
  const bare = basename(path, '.sch').replace(/^CI-SIS_/, '');
  const found = /^(.+?)((?:_\d+(?:\.\d+)*)+)$/.exec(bare);
  if (!found) return { model: bare, edition: '' };
  return { model: found[1]!, edition: found[2]!.split('_').at(-1)! };
}

/** Orders editions from the newest to the oldest: by number, part by part. */
export function newestFirst(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (right[at] ?? -1) - (left[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parts(edition: string): number[] {
  return edition === '' ? [] : edition.split('.').map(Number);
}
