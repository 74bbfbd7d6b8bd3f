import type { Conformance, PackInForce, ValueSetInForce } from '../console/api/conformance.ts';
import type { Definitions } from '../indicators/catalog.ts';
import type { Config } from './config.ts';
import { product } from './product.ts';

/** What this gateway states about itself. */
export function conformanceOf(
  config: Config,
  definitions: Definitions,
  packs: readonly PackInForce[],
  valueSets: readonly ValueSetInForce[],
): Conformance {
  return {
    product: config.product,
    environment: config.environment,
    interfaces: { http: '1' },
    packs: [...packs],
    valueSets: [...valueSets],
    definitions: definitions.list().map(({ id, version, sha256 }) => ({ id, version, sha256 })),
    destinations: config.mssante ? ['dmp', 'mssante'] : ['dmp'],
    runtime: `${product.name} ${product.version}, Node ${process.versions.node}`,
  };
}
