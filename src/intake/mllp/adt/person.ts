import type { Hl7Message, Repetition, Segment } from '../../../hl7v2/message.ts';
import { isDeleted } from '../../../hl7v2/message.ts';
import { normaliseMatricule } from '../../../identity/matricule.ts';
import { insKindOf } from '../../../identity/roots.ts';
import type { Ledger, Subject } from '../../../ledger/ledger.ts';
import type { LedgerView } from '../../../ledger/view.ts';
import type { Establishment } from '../../../words/establishment.ts';
import type { IdentityStatement } from '../../../words/movement.ts';

/** The identifiers of a patient that we know people by. Personal data. */
export interface Identifiers {
  /** Local identifier under its root, as documents and files name it. */
  ipp: string | null;
  ins: { matricule: string; root: string } | null;
}

/** Reads PID-3 or MRG-1. The INS is known by its OID and its type, never by its name; a NIR goes before a NIA. */
export function readIdentifiers(segment: Segment, field: number, { ippRoot }: Establishment): Identifiers {
  const { repetitions } = segment.field(field);
  const local = repetitions.find((one) => one.text(5).toUpperCase() === 'PI' && valued(one.text(1)) !== null);
  const ins = repetitions.flatMap((one) => {
    const [matricule, root] = [normaliseMatricule(one.text(1)), one.text(4, 2)];
    const is = one.text(5).toUpperCase() === 'INS' && insKindOf(root) !== null && valued(matricule) !== null;
    return is ? [{ matricule, root }] : [];
  });
  return {
    ipp: local ? `${ippRoot ?? authorityOf(local)}^${local.text(1)}` : null,
    ins: ins.find(({ root }) => insKindOf(root) !== 'NIA') ?? ins[0] ?? null,
  };
}

function authorityOf(identifier: Repetition): string {
  return identifier.text(4, 2) || identifier.text(4, 1);
}

function valued(text: string): string | null {
  return text === '' || isDeleted(text) ? null : text;
}

/** Attributes and statuses of PID-32 under which no INS may be used. */
const FORBIDDING: readonly string[] = ['FICT', 'DOUT', 'ANOM', 'CACH'];

/**
 * What PID says of an identity. Null when it says nothing that counts: no status, or a validated one without any INS, which
 * a feed that carries none says of everybody.
 * @param removed the message takes the INS away (A47)
 */
export function readStatement(
  { pid, identifiers, removed }: { pid: Segment; identifiers: Identifiers; removed: boolean },
  about: { message: string; statedAt: string },
): IdentityStatement | null {
  const said = pid
    .field(32)
    .repetitions.map((one) => one.text().toUpperCase().slice(0, 8))
    .filter((code) => valued(code) !== null);
  const status = said.length === 0 && removed ? ['PROV'] : said;
  const valid = status.includes('VALI') && !status.some((code) => FORBIDDING.includes(code));
  const { ins } = identifiers;
  if (status.length === 0 || (valid && ins === null && !removed)) return null;
  const qualified = valid && ins !== null;
  return { ...about, status, qualified, insRoot: qualified ? ins.root : null };
}

/** What stands beside a statement in the encrypted store: who it is about. */
export function traitsOf(pid: Segment, { ipp, ins }: Identifiers): Uint8Array {
  const names = pid.field(5).repetitions;
  const name = names.find((one) => one.text(7).toUpperCase() === 'L') ?? names[0]!;
  const birth = pid.field(11).repetitions.find((one) => one.text(7).toUpperCase() === 'BDL');
  return Buffer.from(
    JSON.stringify({
      ...{ ipp, ins, family: name.text(1, 1), given: name.text(2), givenNames: name.text(3) },
      ...{ birthDate: pid.text(7).slice(0, 8), sex: pid.text(8), birthPlace: birth?.text(9) ?? null },
    }),
  );
}

/**
 * Whom a message is about: everybody known by one of its identifiers, so that what stops reaches whatever was taken under
 * either; a new person when nobody is. An INS that is not qualified finds people and is never learnt.
 */
export async function subjectsOf(
  ledger: Ledger,
  view: LedgerView,
  { ipp, ins }: Identifiers,
  qualified: boolean,
): Promise<Subject[]> {
  const find = (kind: 'ins' | 'ipp', value: string | null | undefined) =>
    value ? view.personOf(ledger.searchHash(view.establishment, kind, value)) : null;
  const found = [await find('ipp', ipp), await find('ins', ins?.matricule)];
  const persons = [...new Set(found.filter((person) => person !== null))];
  const learns = qualified || ins === null || persons.length === 0;
  const known = persons.length < 2 && learns;
  if (known) return [{ ins: qualified ? (ins?.matricule ?? null) : null, ipp }];
  return persons.map((person) => ({ person }));
}

/** MRG of a message, once: whom PID replaces or was. */
export function mergedFrom(message: Hl7Message, establishment: Establishment): Identifiers | null {
  const mrg = message.first('MRG');
  return mrg && readIdentifiers(mrg, 1, establishment);
}
