import type { Fault } from './sample.ts';

/** A change that no test can tell from the original, and why; found by its words, wherever its line goes. */
export interface Equivalent {
  file: string;
  /** The line as it stands, without its margin. */
  before: string;
  kind: Fault['kind'];
  from: string;
  why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'src/ledger/sqlite/verify-apart.ts',
    before: "name: 'verification',",
    ...{ kind: 'constant', from: "'verification'" },
    why: 'the name of a thread, which only a debugger shows',
  },
  {
    file: 'src/ledger/sqlite/store.ts',
    before: "name: 'ledger',",
    ...{ kind: 'constant', from: "'ledger'" },
    why: 'the name of a thread, which only a debugger shows',
  },
  {
    file: 'src/ledger/sqlite/rotate.ts',
    before: 'const next = openKeys(nextKeyFile(options.keyFile), false);',
    ...{ kind: 'constant', from: 'false' },
    why: 'whether the file is made when it is not there: it was written by the line before, which throws otherwise',
  },
  {
    file: 'src/ledger/view-retries.ts',
    before: 'return page(await this.#all(sql, ...until, limit + 1), limit, retryRow);',
    ...{ kind: 'constant', from: '1' },
    why: 'one row more than the page holds says that there is a next one; two more say the same',
  },
  {
    file: 'src/delivery/retries/runner.ts',
    before:
      'const items = await this.#options.ledger.of(establishment).retries.pending(run.id, allowed + 1);',
    ...{ kind: 'constant', from: '1' },
    why: 'one item more than may be opened says that the run goes on; two more say the same',
  },
  {
    file: 'src/delivery/tally.ts',
    before: 'if (minute > this.#minute) this.#minute = minute;',
    ...{ kind: 'boundary', from: '>' },
    why: 'a minute that is the same is set to itself',
  },
];

/** Why a fault changes nothing that can be seen; null when nobody said so. */
export function whyEquivalent(fault: Fault): string | null {
  const known = EQUIVALENTS.find(
    ({ file, before, kind, from }) =>
      file === fault.file && before === fault.before && kind === fault.kind && from === fault.from,
  );
  return known?.why ?? null;
}
