import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { readFacts } from '../../src/cda/facts.ts';
import { canonicalDigests } from '../../src/checks/canonical-digests.ts';
import { type DmpConnection, openDmpConnection } from '../../src/delivery/dmp/connection.ts';
import { readCredential } from '../../src/delivery/dmp/credentials/read.ts';
import { type Digest, type Seal, sealOf } from '../../src/delivery/dmp/credentials/seal.ts';
import { provideAndRegister } from '../../src/delivery/dmp/iti-41.ts';
import { ServerGate } from '../../src/delivery/dmp/server-gate.ts';
import { writeLotSignature } from '../../src/delivery/dmp/signature/lot-signature.ts';
import { vihfContent } from '../../src/delivery/dmp/vihf/content.ts';
import { DEFAULT_VIHF_SETTINGS, securityHeader } from '../../src/delivery/dmp/vihf/vihf.ts';
import { startSandboxDmp } from '../../src/gateway/sandbox-process.ts';
import { authorityFiles, structureFiles } from '../../src/sandbox/certificates/folder.ts';
import type { DocumentFacts } from '../../src/words/document.ts';
import { newOid } from '../../src/words/ids.ts';
import { deriveLot } from '../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../src/xds/ebxml.ts';
import { withSignature } from '../../src/xds/signature.ts';
import { parseXml } from '../../src/xml/parse.ts';
import makeCertificates, { certificates } from '../gateway/certificates.ts';
import { sample } from '../gateway/running.ts';
import { lotOf } from '../xds/discharge-letter.ts';
import { usageOf } from './processes.ts';
import type { Row } from './row.ts';

const WARM_UP = 200;
const DEPOSITS = 800;
const CONNECTIONS = 16;
const HANDSHAKES = 200;
const ROOT = '2.25.7';

/** Counts the connections that are opened, and which of them resume a session. */
class CountingGate extends ServerGate {
  opened = 0;
  resumed = 0;

  override guarding(connect: buildConnector.connector): buildConnector.connector {
    const guarded = super.guarding(connect);
    return (target, done) =>
      guarded(target, (...result) => {
        this.opened += 1;
        if ((result[1] as TLSSocket | null)?.isSessionReused()) this.resumed += 1;
        done(...result);
      });
  }
}

interface Document {
  bytes: Buffer;
  facts: DocumentFacts;
  digests: Readonly<Record<Digest, string>>;
}

/**
 * Deposits of a report of 130 KB with VIHF, signature of the lot and mutual TLS, against the simulator in a process of its
 * own, both on the cores of one machine: nothing of the gateway before and after. How many connections that takes, and what a
 * handshake costs when it is whole and when it resumes a session.
 */
export async function dmpTls(): Promise<Row[]> {
  await makeCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  const sites = { '0B0000011': ['0B0000012'] };
  const dmp = await startSandboxDmp({ port: 0, store: join(folder, 'dmp.db'), certificates, sites });
  try {
    const rows: Row[] = [];
    for (const [vihf, lot] of [
      ['sha256', 'sha1'],
      ['sha256', 'sha256'],
      ['sha1', 'sha1'],
    ] as const)
      rows.push(...(await deposits(dmp, vihf, lot)));
    return [...rows, ...(await handshakes(dmp.dmp))];
  } finally {
    await dmp.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tls(): ConnectionOptions {
  const { client } = structureFiles(certificates, '0B0000011');
  const { chain, key } = readCredential({ ...client, passphraseFile: null });
  return {
    ca: readFileSync(authorityFiles(certificates).root.certificate, 'utf8'),
    cert: chain,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function seal(): Seal {
  const { seal: files } = structureFiles(certificates, '0B0000011');
  const anchors = readFileSync(authorityFiles(certificates).root.certificate, 'utf8');
  return sealOf(readCredential({ ...files, passphraseFile: null }), anchors);
}

async function deposits(
  { dmp, pid }: { dmp: string; pid: number },
  vihf: Digest,
  lot: Digest,
): Promise<Row[]> {
  const gate = new CountingGate(null);
  const connection = openDmpConnection({
    ...{ baseUrl: dmp, timeoutMs: 20_000, connections: CONNECTIONS, gate, tls: tls() },
  });
  const sealing = { seal: seal(), vihf, lot };
  try {
    await send(connection, documents(WARM_UP), sealing);
    const given = documents(DEPOSITS);
    const before = { own: process.cpuUsage(), dmp: usageOf(pid) };
    const began = performance.now();
    await send(connection, given, sealing);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(before.own);
    const theirs = ((usageOf(pid)?.cpuMs ?? Number.NaN) - (before.dmp?.cpuMs ?? Number.NaN)) / DEPOSITS;
    const own = (user + system) / 1000 / DEPOSITS;
    const label = `VIHF ${vihf}, lot ${lot}`;
    return [
      {
        ...{ what: `deposits with mutual TLS (${label})`, unit: 'deposits/s', goal: null },
        figure: DEPOSITS / seconds,
        note: `CPU for one: client ${own.toFixed(2)} ms, simulator ${theirs.toFixed(2)} ms`,
      },
      {
        ...{
          what: `handshakes for ${WARM_UP + DEPOSITS} deposits (${label})`,
          unit: 'handshakes',
          goal: null,
        },
        figure: gate.opened,
        note: `${CONNECTIONS} connections at most, ${gate.resumed} sessions resumed`,
      },
    ];
  } finally {
    await connection.close();
  }
}

let made = 0;

/** Reports with an identifier each, read and digested as the checks of the gateway do before a delivery. */
function documents(count: number): Document[] {
  const text = sample('biology-level3.xml').toString('utf8');
  const own = readFacts(parseXml(Buffer.from(text)), Buffer.from(text)).facts!.id.root;
  return Array.from({ length: count }, () => {
    made += 1;
    const bytes = Buffer.from(text.replaceAll(own, `${ROOT}.${Date.now()}.${process.pid}.${made}`));
    const tree = parseXml(bytes);
    return { bytes, facts: readFacts(tree, bytes).facts!, digests: canonicalDigests(tree) };
  });
}

interface Sealing {
  seal: Seal;
  vihf: Digest;
  lot: Digest;
}

/** As many at once as there are connections. */
async function send(connection: DmpConnection, given: Document[], sealing: Sealing): Promise<void> {
  const left = [...given];
  const one = async () => {
    for (let next = left.pop(); next; next = left.pop()) await deposit(connection, next, sealing);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

const STRUCTURE = { id: '0B0000012', name: 'Site nord' };

async function deposit(
  connection: DmpConnection,
  { bytes, facts, digests }: Document,
  by: Sealing,
): Promise<void> {
  const nowMs = Date.now();
  const lotUniqueId = newOid(ROOT, nowMs);
  const { lot } = deriveLot(lotOf(facts, { structure: STRUCTURE, lotUniqueId, submissionTime: nowMs }));
  const signed = { uniqueId: facts.id.root, digest: digests[by.lot] };
  const signature = Buffer.from(
    await writeLotSignature({ uniqueId: lotUniqueId, documents: [signed], signedAt: nowMs }, by.seal, by.lot),
  );
  const written = {
    uniqueId: newOid(ROOT, nowMs),
    hash: createHash('sha1').update(signature).digest('hex'),
    size: signature.length,
  };
  const caller = { structure: STRUCTURE.id, sector: 'SA01', requester: null, secretConnection: false, nowMs };
  const content = vihfContent({ ...caller, patient: lot.submissionSet.patientId }, PRODUCT, ROOT);
  const settings = { ...DEFAULT_VIHF_SETTINGS, digest: by.vihf };
  const outcome = await provideAndRegister(connection, {
    metadata: submitObjectsRequest(withSignature(lot, 'sig', written)),
    documents: [
      { symbolicId: lot.entries[0]!.symbolicId, bytes },
      { symbolicId: 'sig', bytes: signature },
    ],
    security: await securityHeader(content, by.seal, settings, nowMs),
  });
  if (outcome.result !== 'delivered') throw new Error(`${outcome.code}: ${outcome.detail}`);
}

const PRODUCT = { name: 'Viaduc', version: '1', homologation: 'VIADUC-SANDBOX' };

/** CPU of this process alone: the simulator pays as much again. */
async function handshakes(dmp: string): Promise<Row[]> {
  const { hostname, port } = new URL(dmp);
  const options = { ...tls(), host: hostname, port: Number(port) };
  const first = await shake(options);
  const rows: Row[] = [];
  for (const [what, session] of [
    ['whole', undefined],
    ['that resumes a session', first.session],
  ] as const) {
    const before = process.cpuUsage();
    let resumed = 0;
    for (let round = 0; round < HANDSHAKES; round += 1)
      resumed += (await shake({ ...options, ...(session && { session }) })).resumed ? 1 : 0;
    const { user, system } = process.cpuUsage(before);
    rows.push({
      ...{ what: `one handshake ${what}, of the client`, unit: 'ms of CPU', goal: null },
      figure: (user + system) / 1000 / HANDSHAKES,
      note: `mean of ${HANDSHAKES}, ${resumed} resumed`,
    });
  }
  return rows;
}

function shake(options: ConnectionOptions): Promise<{ session: Buffer; resumed: boolean }> {
  return new Promise((done, failed) => {
    const socket = connect(options, () => {
      const made = { session: socket.getSession()!, resumed: socket.isSessionReused() };
      socket.once('close', () => done(made));
      socket.end();
    });
    socket.once('error', failed);
  });
}
