// npm run release: an archive of the committed tree with its packages and its Node, for a machine that reaches no registry.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, root } from './runtime.mjs';

const IN_THE_ARCHIVE = [
  'bin',
  'src',
  'profiles',
  'samples',
  'docs',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'LICENSE',
  'README.md',
];
const PLATFORMS = ['linux-x64', 'linux-arm64'];

/** Starts the Node that is in the archive: no other is needed. */
const LAUNCHER = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd -P)
for node in "$here"/node_modules/node-*/bin/node; do exec "$node" "$here/bin/viaduc.mjs" "$@"; done
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    platform: { type: 'string', default: `linux-${process.arch}` },
  },
});
if (!PLATFORMS.includes(values.platform)) fail(`--platform is one of ${PLATFORMS.join(', ')}`);

const git = (...args) => execFileSync('git', args, { cwd: root, maxBuffer: 1 << 30 });
if (git('status', '--porcelain').length > 0)
  fail('a release is made of what is committed: commit or put aside the rest');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const commit = git('rev-parse', 'HEAD').toString().trim();
const committedAt = git('show', '-s', '--format=%cI', commit).toString().trim();
const name = `viaduc-${version}-${values.platform}`;
const out = resolve(values.out);
const stage = mkdtempSync(join(tmpdir(), 'viaduc-release-'));
const folder = join(stage, name);

try {
  mkdirSync(folder);
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, ...IN_THE_ARCHIVE) });
  install();
  writeFileSync(join(folder, 'viaduc'), LAUNCHER);
  chmodSync(join(folder, 'viaduc'), 0o755);
  const sbom = billOfMaterials();
  writeFileSync(join(folder, 'sbom.cdx.json'), sbom);
  writeFileSync(
    join(folder, 'RELEASE'),
    `version ${version}\nplatform ${values.platform}\ncommit ${commit}\ncommitted ${committedAt}\n`,
  );
  writeFileSync(join(folder, 'SHA256SUMS'), checksums());
  mkdirSync(out, { recursive: true });
  const archive = join(out, `${name}.tar.gz`);
  pack(archive);
  writeFileSync(join(out, `${name}.cdx.json`), sbom);
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex');
  writeFileSync(`${archive}.sha256`, `${digest}  ${name}.tar.gz\n`);
  console.log(`${archive}\n${digest}`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function install() {
  const [os, cpu] = values.platform.split('-');
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `--os=${os}`,
    `--cpu=${cpu}`,
    '--libc=glibc',
  ];
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 2, 2] });
}

/** CycloneDX, of what is really in the archive; dated by the commit, so that the same commit gives the same archive. */
function billOfMaterials() {
  const bom = JSON.parse(
    execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
      cwd: folder,
      maxBuffer: 1 << 28,
    }),
  );
  delete bom.serialNumber;
  bom.metadata.timestamp = committedAt;
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
  const inside = new Set(
    Object.entries(packages).map(
      ([path, one]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${one.version}`,
    ),
  );
  const isInside = (one) => inside.has(`${one.name}@${one.version}`);
  bom.components = bom.components.filter(isInside);
  const known = new Set([bom.metadata.component['bom-ref'], ...bom.components.map((one) => one['bom-ref'])]);
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => known.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => known.has(one)) }));
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function checksums() {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return files
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('');
}

/** The same bytes for the same commit, whoever packs it and when. */
function pack(archive) {
  const same = [
    '--sort=name',
    `--mtime=${committedAt}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
  ];
  execFileSync('tar', [...same, '--use-compress-program=gzip -9n', '-cf', archive, '-C', stage, name], {
    stdio: ['ignore', 2, 2],
  });
}
