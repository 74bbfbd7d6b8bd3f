import { KNOWN_SETS } from '../../xds/known-sets.ts';
import type { PublishedSet } from '../../xds/published-set.ts';
import type { Config } from '../config.ts';
import { readValueSets } from '../value-sets.ts';
import { found, type Line, named, ok } from './line.ts';

/** Which value sets of the DMP would refuse, which are missing for it, and what is wrong with the files. */
export function lookAtValueSets(config: Config, nowMs: number): Line[] {
  const { sets, problems } = readValueSets(config, nowMs);
  const level = config.environment === 'production' ? 'error' : 'warning';
  return [
    ...problems.map(({ code, values }) => named('metadata', level, code, values)),
    ...sets.map(inForce),
    ...missing(sets),
  ];
}

function inForce({ source: { set, version }, role, codes, pairs }: PublishedSet): Line {
  const length = codes.length + pairs.length;
  if (role !== 'sibling')
    return ok(
      'metadata',
      `${set} du ${version} en vigueur, ${length} codes`,
      `${set} of ${version} in force, ${length} codes`,
    );
  return ok(
    'metadata',
    `${set} du ${version} lu ; ce n’est pas une liste du DMP, elle ne refuse rien`,
    `${set} of ${version} read; it is no list of the DMP and refuses nothing`,
  );
}

function missing(sets: readonly PublishedSet[]): Line[] {
  const loaded = new Set(sets.map(({ source }) => source.set));
  const absent = KNOWN_SETS.filter(
    ({ name, role }) => (role === 'refuses' || role === 'advises') && !loaded.has(name),
  );
  if (absent.length === 0) return [];
  return [
    found('metadata', 'warning', 'doctor.value-sets-missing', {
      sets: absent.map(({ name }) => name).join(', '),
    }),
  ];
}
