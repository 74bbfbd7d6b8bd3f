import type { DocumentFacts } from '../words/document.ts';
import type { Establishment } from '../words/establishment.ts';
import type { SubmissionRequest } from '../words/request.ts';
import type { LotContext } from './derive.ts';
import type { Author } from './model.ts';
import { jobId, nationalStructureId } from './national-ids.ts';
import { authorStructures, type Structure } from './people.ts';
import type { XdsSettings } from './settings.ts';

/** OID of the sector of activity of a structure (JDV_J02, JDV_J61). */
const SECTOR_ROOT = '1.2.250.1.71.4.2.4';

/**
 * The structure in whose name a document leaves: one of its authors' that the sender may act for, the site of the stay
 * before any other; else the site, else the legal entity (dmp-xds sheet 4.4: at least one author institution must be it).
 */
export function sendingStructure(
  facts: DocumentFacts,
  request: SubmissionRequest,
  establishment: Establishment,
  allowed: readonly string[] | '*',
): Structure {
  const site = request.stay ? nationalStructureId(request.stay.finessEg) : null;
  const own = authorStructures(facts).filter((id) => allowed === '*' || allowed.includes(id));
  const id = own.find((one) => one === site) ?? own[0] ?? site ?? nationalStructureId(establishment.finessEj);
  return { id, name: nameOf(id, facts, establishment) };
}

function nameOf(id: string, facts: DocumentFacts, establishment: Establishment): string {
  const site = establishment.sites.find(({ finessEg }) => nationalStructureId(finessEg) === id);
  if (site) return site.name;
  if (nationalStructureId(establishment.finessEj) === id) return establishment.name;
  const organizations = facts.authors.flatMap(({ organization }) => organization ?? []);
  return (
    organizations.find(({ ids }) => ids.some(({ extension }) => extension === id))?.name ?? establishment.name
  );
}

/** What is the same for every lot of one installation. */
export interface Installation {
  /** OID of the installation: sourceId of its lots, root of their identifiers. */
  sourceId: string;
  product: { name: string; version: string };
}

/** The context of a lot: its structure, the installation as author when the request names nobody. */
export function lotContext(
  installation: Installation,
  about: { request: SubmissionRequest; structure: Structure; settings: XdsSettings },
  lot: { lotUniqueId: string; submissionTime: number },
): LotContext {
  return {
    ...about,
    ...lot,
    sourceId: installation.sourceId,
    author: installationAuthor(installation, about.structure),
  };
}

/** The gateway as author of a lot that nobody in particular asked for. */
function installationAuthor({ product }: Installation, structure: Structure): Author {
  const person = {
    id: jobId(structure.id),
    authority: '1.2.250.1.71.4.2.1',
    family: product.name,
    given: product.version,
    nameType: 'U' as const,
    idType: 'RI' as const,
  };
  return { person, institutions: [], roles: [], specialties: [] };
}

/** Settings of an establishment: its sector stands in for the facility type a document does not give. */
export function establishmentSettings(base: XdsSettings, establishment: Establishment): XdsSettings {
  const facilityType = { code: establishment.sector, codeSystem: SECTOR_ROOT, displayName: null };
  return { ...base, facilityType, zone: establishment.zone };
}
