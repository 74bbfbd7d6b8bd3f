import { whyEquivalent } from './equivalents.ts';
import type { Verdict } from './hunt.ts';
import type { Fault } from './sample.ts';

/** Figures of one room, or of all. */
export interface Figures {
  faults: number;
  caught: number;
  /** Survivors of which somebody said why nothing can tell them from the original. */
  equivalent: number;
  /** Survivors at places that no test reaches. */
  unreached: number;
  survived: number;
  /** Caught, in per cent of those that are not equivalent. */
  rate: number;
}

export function figuresOf(verdicts: readonly Verdict[]): Figures {
  const caught = verdicts.filter(({ caughtBy }) => caughtBy !== null).length;
  const survivors = verdicts.filter(({ caughtBy }) => caughtBy === null);
  const equivalent = survivors.filter(({ fault }) => whyEquivalent(fault) !== null).length;
  const judged = verdicts.length - equivalent;
  return {
    faults: verdicts.length,
    caught,
    equivalent,
    unreached: survivors.filter(({ reachedBy }) => reachedBy === 0).length,
    survived: survivors.length - equivalent,
    rate: judged === 0 ? 100 : Math.round((1000 * caught) / judged) / 10,
  };
}

/** One line for what became of a fault. */
export function verdictLine({ fault, caughtBy, reachedBy }: Verdict): string {
  const place = `${fault.file}:${fault.line} ${fault.kind}: ${changeOf(fault)}`;
  if (caughtBy !== null) return `caught    ${place}\n            by ${caughtBy}`;
  const why = whyEquivalent(fault);
  if (why !== null) return `no change ${place}\n            ${why}`;
  return `SURVIVED  ${place}\n            in ${fault.before}\n            reached by ${reachedBy} files of tests`;
}

export function changeOf({ from, text }: Fault): string {
  return `${short(from)} → ${text === '' || text === ';' ? 'nothing' : short(text)}`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}

/** A table of figures: each room, and all. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const rooms = [...Map.groupBy(verdicts, ({ fault }) => fault.room)];
  const rows = [...rooms, ['all', verdicts] as const].map(([room, some]) => {
    const { faults, caught, survived, equivalent, unreached, rate } = figuresOf(some);
    return `| ${room} | ${faults} | ${caught} | ${survived} | ${unreached} | ${equivalent} | ${rate} % |`;
  });
  return [
    '| room | faults | caught | survived | of them unreached | no change | caught |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
