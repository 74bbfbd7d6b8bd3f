import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../gateway/running.ts';

/**
 * `npm run test:release`: makes the archive of the committed tree twice, unpacks it elsewhere, compares its checksums, and runs the
 * tour from it without any network but loopback and without another Node.
 */
const folder = mkdtempSync(join(tmpdir(), 'viaduc-release-test-'));
const failures: string[] = [];

interface Package {
  name: string;
  version: string;
}

function expect(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  if (!holds) failures.push(what);
}

function release(out: string): string {
  execFileSync('npm', ['run', 'release', '--', '--out', out], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(out, readdirSync(out).find((name) => name.endsWith('.tar.gz'))!);
}

const commit = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository, encoding: 'utf8' });

try {
  const before = commit();
  const archive = release(join(folder, 'first'));
  const again = release(join(folder, 'second'));
  expect('the branch stood still meanwhile', commit() === before);
  expect('the same commit gives the same archive', readFileSync(archive).equals(readFileSync(again)));
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const unpacked = join(folder, readdirSync(folder).find((name) => name.startsWith('viaduc-'))!);
  const sums = spawnSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: unpacked });
  expect('its checksums hold', sums.status === 0);
  const bom = JSON.parse(readFileSync(join(unpacked, 'sbom.cdx.json'), 'utf8')) as { components: Package[] };
  const named = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
  const lock = JSON.parse(readFileSync(join(unpacked, 'node_modules', '.package-lock.json'), 'utf8'));
  const inside = Object.entries(lock.packages as Record<string, Package>).map(
    ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
  );
  const unnamed = inside.filter((one) => !named.has(one));
  const others = [...named].filter((one) => !inside.includes(one));
  expect(
    `its bill of materials names the ${inside.length} packages inside, and no other`,
    unnamed.length === 0 && others.length === 0,
  );
  if (unnamed.length + others.length > 0) console.log(`       ${unnamed.join(' ')} | ${others.join(' ')}`);
  const forDevelopment = /^(vitest|typescript|playwright-core|@biomejs\/biome)@/;
  expect('no package for development is inside', !inside.some((one) => forDevelopment.test(one)));
  console.log(`       ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
  const tour = spawnSync(
    'unshare',
    [
      '-rn',
      'sh',
      '-c',
      `ip link set lo up && cd / && exec env -i HOME=/nonexistent PATH=/usr/bin:/bin VIADUC_DATA=${folder}/data ${unpacked}/viaduc sandbox start --once`,
    ],
    { encoding: 'utf8', timeout: 180_000 },
  );
  expect('the tour runs from it without network and without another Node', tour.status === 0);
  console.log((tour.stdout || tour.stderr).trim().split('\n').slice(-4).join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;
