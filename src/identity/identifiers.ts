import type { InstanceIdentifier } from '../words/document.ts';
import type { Environment } from '../words/environment.ts';
import { normaliseMatricule } from './matricule.ts';
import { nth, PATHS, type Remark } from './remark.ts';
import { acceptsRoot, type InsKind, insKindOf, legacyKindOf } from './roots.ts';

/** An identifier of the patient whose root says that it is an INS. */
export interface InsIdentifier {
  /** OID without spaces around it. */
  root: string;
  kind: InsKind;
  /** The matricule as written, null when there is none. */
  matricule: string | null;
  accepted: boolean;
  path: string;
}

export interface IdentifierReading {
  all: InsIdentifier[];
  /** The INS that the document is about: the first whose root the environment accepts, else the first. */
  chosen: InsIdentifier | null;
  /** More than one person, or more than one number of one: nobody can tell which is meant. */
  ambiguous: boolean;
  remarks: Remark[];
}

/** Finds the INS among the identifiers of a patient by root, never by position (CI-SIS minimal structure; INS sheet, 6). */
export function readIdentifiers(
  ids: readonly InstanceIdentifier[],
  environment: Environment,
): IdentifierReading {
  const all = ids.flatMap((id, index) => insIdentifier(id, index, environment) ?? []);
  const distinct = new Set(all.map(identity));
  const second = all.find((one) => identity(one) !== identity(all[0]!));
  const remarks = [...ids.flatMap(formRemarks), ...all.flatMap((one) => rootRemarks(one, environment))];
  if (second)
    remarks.push({
      code: 'ins.multiple',
      severity: 'error',
      path: second.path,
      values: { count: distinct.size },
    });
  return {
    all,
    chosen: all.find((one) => one.accepted) ?? all[0] ?? null,
    ambiguous: second !== undefined,
    remarks,
  };
}

/** One matricule under two roots is two identities: one of them is of another world. */
function identity({ root, matricule }: InsIdentifier): string {
  return `${root}^${normaliseMatricule(matricule ?? '')}`;
}

function pathAt(index: number): string {
  return nth(`${PATHS.role}/id`, index);
}

function insIdentifier(
  { root, extension }: InstanceIdentifier,
  index: number,
  environment: Environment,
): InsIdentifier | null {
  const kind = insKindOf(root);
  if (!kind) return null;
  const accepted = acceptsRoot(environment, root);
  return {
    root: root.trim(),
    kind,
    matricule: extension?.trim() ? extension : null,
    accepted,
    path: pathAt(index),
  };
}

/** What is wrong with an identifier whatever the environment. */
function formRemarks({ root }: InstanceIdentifier, index: number): Remark[] {
  const kind = legacyKindOf(root);
  const path = pathAt(index);
  if (kind)
    return [{ code: 'ins.legacy-root', severity: 'warning', path, values: { root: root.trim(), kind } }];
  return insKindOf(root) && root !== root.trim()
    ? [{ code: 'ins.root-spaces', severity: 'warning', path }]
    : [];
}

function rootRemarks({ root, accepted, matricule, path }: InsIdentifier, environment: Environment): Remark[] {
  const remarks: Remark[] = [];
  const values = { root };
  const code = environment === 'production' ? 'ins.test-root-in-production' : 'ins.production-root-in-test';
  if (!accepted) remarks.push({ code, severity: 'error', path, values });
  if (matricule === null) remarks.push({ code: 'ins.matricule-missing', severity: 'error', path, values });
  return remarks;
}
