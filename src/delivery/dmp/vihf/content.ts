import type { SubmissionRequest } from '../../../words/request.ts';
import { cx } from '../../../xds/formats.ts';
import type { PatientIdentifier } from '../../../xds/model.ts';
import { jobId, nationalProfessionalId, nationalStructureId } from '../../../xds/national-ids.ts';
import { AUTOMATE, type RoleTable, rolesOf } from './roles.ts';
import type { HomologatedProduct, VihfContent } from './vihf.ts';

/** What one call is about. */
export interface Caller {
  /** Struct_IdNat of the sending structure, or a bare FINESS. */
  structure: string;
  /** Code of JDV_J61. */
  sector: string;
  patient: PatientIdentifier | null;
  requester: SubmissionRequest['requester'];
  secretConnection: boolean;
  /** Roles that the establishment gives; none unless told. */
  roleTable?: RoleTable;
  /** Milliseconds since 1970: the gateway authenticates itself at every call. */
  nowMs: number;
}

/**
 * What the VIHF of a call says: the person who asked for the sending (PRT "SB"), else the gateway as a job of the structure
 * (sheet hl7v2-transmission, 11.1).
 */
export function vihfContent(caller: Caller, product: HomologatedProduct, installation: string): VihfContent {
  const { structure, sector, patient, requester, secretConnection, roleTable, nowMs } = caller;
  const person = requester?.person ?? null;
  const id = nationalStructureId(structure);
  return {
    structure: id,
    sector,
    ...(person
      ? { nameId: nationalProfessionalId(person.id), subject: `${person.family} ${person.given}` }
      : {
          nameId: systemId(requester) ?? jobId(id),
          subject: `${product.name}, ${requester?.device?.name ?? product.version}`,
        }),
    roles: person ? rolesOf(person.specialty, roleTable) : [AUTOMATE],
    patient: patient && cx(patient),
    secretConnection,
    authenticatedAt: nowMs,
    product,
    installation,
  };
}

/** A national identifier of a system, `prefix, structure / internal identifier`; senders write names of software there too. */
const SYSTEM = /^[13456][0-9A-Z]{7,}\/.+$/;

function systemId(requester: Caller['requester']): string | null {
  const id = requester?.device?.id ?? '';
  return SYSTEM.test(id) ? id : null;
}
