import type { Stay } from '../words/stay.ts';
import type { Row } from './project.ts';

/** A visit that movements speak of; `stay` is null while it is announced only, or once cancelled. */
export interface KnownVisit {
  finessEg: string;
  stayNo: string;
  stay: Stay | null;
}

/**
 * Stays of movements and of files as one list. Where both know a file number of a site, movements say whether there is a
 * stay, its dates, class and numbers; the file adds what movements do not carry. A file number with several visits gives a
 * stay for each, so that each coming counts; documents are then linked to them by visit number.
 */
export function mergedStays(imported: readonly Stay[], visits: readonly KnownVisit[]): Stay[] {
  if (visits.length === 0) return [...imported];
  const rows = new Map(imported.map((stay) => [keyOf(stay), stay]));
  const files = Map.groupBy(visits, keyOf);
  const moved = [...files.values()].flatMap((ofFile) => staysOfFile(ofFile, rows));
  return [...imported.filter((stay) => !files.has(keyOf(stay))), ...moved];
}

function staysOfFile(visits: readonly KnownVisit[], rows: ReadonlyMap<string, Stay>): Stay[] {
  const stays = visits.flatMap(({ stay }) => (stay === null ? [] : [stay]));
  const [only] = stays;
  if (stays.length === 1) return [completed(only!, rows.get(keyOf(only!)))];
  return stays.map((stay) => ({ ...stay, stayNo: `${stay.stayNo}/${stay.visitNo ?? ''}` }));
}

/** What movements do not say comes from the file. */
function completed(stay: Stay, row: Stay | undefined): Stay {
  if (!row) return stay;
  return {
    ...stay,
    visitNo: stay.visitNo ?? row.visitNo,
    patient: stay.patient ?? row.patient,
    admittedAt: stay.admittedAt ?? row.admittedAt,
    dischargeMode: stay.dischargeMode ?? row.dischargeMode,
    specialty: row.specialty ?? stay.specialty,
    hasSurgery: row.hasSurgery,
    isSession: stay.isSession || row.isSession,
    motherStayNo: row.motherStayNo,
  };
}

function keyOf({ finessEg, stayNo }: { finessEg: string; stayNo: string }): string {
  return `${finessEg}/${stayNo}`;
}

/** Every person of a merged group is known by every identifier of the group, and in the stays of every person of it. */
export function linksOfMerged(
  links: readonly { person: string; patient: string }[],
  merges: readonly Row[],
): { person: string; patient: string }[] {
  const groups = new Groups();
  for (const { merged, kept } of merges) groups.join(String(merged), String(kept));
  const members = Map.groupBy(groups.persons(), (person) => groups.of(person));
  const persons = groups.persons().map((person) => ({ person, patient: person }));
  return [...links, ...persons].flatMap(({ person, patient }) =>
    (members.get(groups.of(person)) ?? [person]).map((one) => ({ person: one, patient })),
  );
}

/** Which persons are one, by any number of merges. */
class Groups {
  readonly #parent = new Map<string, string>();

  of(person: string): string {
    let first = person;
    for (let next = this.#parent.get(first); next !== undefined && next !== first; ) {
      first = next;
      next = this.#parent.get(first);
    }
    return first;
  }

  join(a: string, b: string): void {
    for (const one of [a, b]) if (!this.#parent.has(one)) this.#parent.set(one, one);
    this.#parent.set(this.of(a), this.of(b));
  }

  persons(): string[] {
    return [...this.#parent.keys()];
  }
}
