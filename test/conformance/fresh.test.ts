import { describe, expect, test } from 'vitest';
import { missing } from './cases.ts';
import { type Edition, isEdition, openEdition } from './editions.ts';
import { compareFresh } from './fresh.ts';
import { withoutSkeleton } from './saxon.ts';

/** Documents that reach much of the common profiles and are small. */
const FEW = { '3-0': 'LDL-SES_2022.01', '2-41': 'LDL-SES_2020.01' } as const;

/** An edition with one of its examples only: the Schematrons of the others need not be compiled. */
function few(name: keyof typeof FEW): Edition {
  const edition = openEdition(name);
  return { ...edition, examples: edition.examples.filter(({ id }) => id === FEW[name]) };
}

const reason = missing ?? withoutSkeleton();
const skipped = reason && (missing || !process.env.CI);

describe.skipIf(skipped)(`verdicts like those of Saxon${skipped ? ` (skipped: ${reason})` : ''}`, () => {
  test.each(Object.keys(FEW).filter(isEdition))(
    'on fresh mutants of edition %s',
    async (name) => {
      if (reason) throw new Error(reason);
      const edition = few(name);
      expect(edition.examples).toHaveLength(1);
      const options = { edition, examples: true, count: 40, seed: 20_261_125, keep: null };
      const { differences, stopped } = await compareFresh(options);
      expect(differences).toEqual([]);
      expect(stopped.saidByUs).toBe(stopped.saxon);
    },
    300_000,
  );
});
