import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sample } from '../gateway/running.ts';
import { spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { usageOf } from './processes.ts';
import { most, type Row } from './row.ts';

const CAP = 50 * 1024 * 1024;

/** A level-1 document as large as the doors allow: how long until it is acknowledged, and whether the memory comes back. */
export async function large(packs: string | null): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  const dmp = await spawnDmp(folder);
  const gateway = await spawnGateway({
    folder,
    dmp: dmp.dmp,
    variables: packs ? { VIADUC_PACKS: packs } : {},
  });
  const send = (body: Buffer) =>
    gateway.call('/api/submissions?to=dmp', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: body as RequestInit['body'],
    });
  const resident = () => (usageOf(gateway.child.pid!)?.residentBytes ?? Number.NaN) / 2 ** 20;
  try {
    await send(sample('biology-level1.xml'));
    const before = resident();
    const document = enlarged();
    const began = performance.now();
    const answer = await send(document);
    const ms = performance.now() - began;
    if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const { id } = answer.body;
    while ((await gateway.call(`/api/submissions/${id}`)).body.state !== 'final')
      await new Promise((resolve) => setTimeout(resolve, 100));
    const whole = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 5000));
    for (let count = 0; count < 20; count += 1) await send(sample('discharge-letter.xml'));
    return [
      { what: '50 MB level-1 document: acknowledged', figure: ms / 1000, unit: 's', goal: most(1.5) },
      { what: '50 MB level-1 document: delivered', figure: whole / 1000, unit: 's', goal: null },
      {
        what: '50 MB level-1 document: memory kept afterwards',
        figure: resident() - before,
        unit: 'MB',
        goal: null,
        note: `${before.toFixed(0)} MB before`,
      },
    ];
  } finally {
    await gateway.end();
    await dmp.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The level-1 sample with a body that fills it up to the cap. */
function enlarged(): Buffer {
  const text = sample('biology-level1.xml').toString('latin1');
  const [whole, attributes, body] = /<text([^>]*mediaType="application\/pdf"[^>]*)>([\s\S]*?)<\/text>/.exec(
    text,
  )!;
  const room = CAP - text.length + body!.length;
  const filled = 'JVBERi0xLjQKJeLjz9MK'.repeat(Math.floor(room / 20) - 1);
  const fresh = text.replace(
    /<id root="2\.25\.\d+"\/>/,
    '<id root="2.25.50000000000000000000000000000000001"/>',
  );
  return Buffer.from(fresh.replace(whole!, `<text${attributes}>${filled}</text>`), 'latin1');
}
