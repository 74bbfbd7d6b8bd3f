import { readFileSync } from 'node:fs';
import type { Verdict } from './hunt.ts';
import { type Fault, faultsIn } from './sample.ts';

/** The verdicts that an earlier round wrote. */
export function readVerdicts(file: string): Verdict[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { verdicts: Verdict[] }).verdicts;
}

/** The survivors of an earlier round as they stand in the present source; what was written anew since is left out. */
export function survivorsOf(root: string, verdicts: readonly Verdict[]): Fault[] {
  const survivors = verdicts.filter(({ caughtBy }) => caughtBy === null).map(({ fault }) => fault);
  return survivors.flatMap(
    (fault) => faultsIn(root, fault.room, fault.file).find((one) => same(one, fault)) ?? [],
  );
}

/** The same change of the same words, wherever its line went. */
export function same(a: Fault, b: Fault): boolean {
  return (['file', 'before', 'kind', 'from', 'text'] as const).every((member) => a[member] === b[member]);
}
