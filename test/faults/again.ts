import { readFileSync } from 'node:fs';
import type { Verdict } from './hunt.ts';
import { type Fault, faultsIn } from './sample.ts';

/** The verdicts that an earlier round wrote. */
export function readVerdicts(file: string): Verdict[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { verdicts: Verdict[] }).verdicts;
}

/** The survivors of an earlier round as they stand in the present source; what was written anew since is left out, and of the same words twice the nearer is meant. */
export function survivorsOf(root: string, verdicts: readonly Verdict[]): Fault[] {
  const survivors = verdicts.filter(({ caughtBy }) => caughtBy === null).map(({ fault }) => fault);
  return survivors.flatMap((fault) => {
    const alike = faultsIn(root, fault.room, fault.file).filter((one) => same(one, fault));
    const distance = ({ line }: Fault) => Math.abs(line - fault.line);
    return alike.toSorted((one, other) => distance(one) - distance(other)).slice(0, 1);
  });
}

/** The same change of the same words, wherever its line went. */
export function same(a: Fault, b: Fault): boolean {
  return (['file', 'before', 'kind', 'from', 'text'] as const).every((member) => a[member] === b[member]);
}
