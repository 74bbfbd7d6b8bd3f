import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { authorityFiles, structureFiles } from '../../src/sandbox/certificates/folder.ts';
import { certificates } from '../gateway/certificates.ts';

export interface Passed {
  contentType: string;
  body: Buffer;
}

/** Stands before a DMP with mutual TLS and keeps every request that passes. */
export async function startRelay(dmp: string) {
  const { client } = structureFiles(certificates, '0B0000011');
  const agent = new Agent({
    ca: readFileSync(authorityFiles(certificates).root.certificate),
    cert: readFileSync(client.certificate),
    key: readFileSync(client.key),
    keepAlive: true,
  });
  const passed: Passed[] = [];
  const server = createServer(async (incoming, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const contentType = incoming.headers['content-type'] ?? '';
    passed.push({ contentType, body });
    const headers = { 'content-type': contentType, 'content-length': body.length };
    const onward = request(new URL(incoming.url!, dmp), { method: 'POST', headers, agent }, (from) => {
      answer.writeHead(from.statusCode!, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    onward.end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(dmp).pathname}`,
    passed,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The SOAP envelope of a request and the files that came with it, by the id of their Document element. */
export function partsOf({ contentType, body }: Passed): { envelope: string; files: Map<string, Buffer> } {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return { envelope: body.toString('utf8'), files: new Map() };
  const [root, ...others] = splitAt(body, boundary);
  const envelope = root!.content.toString('utf8');
  const byContentId = new Map(
    others.map(({ head, content }) => [/Content-ID: <([^>]+)>/i.exec(head)![1]!, content]),
  );
  const included = envelope.matchAll(
    /Document\b[^>]*? id="([^"]+)"[^>]*>\s*<[^>]*Include[^>]* href="cid:([^"]+)"/g,
  );
  const files = new Map(
    [...included].map(([, id, cid]) => [id!, byContentId.get(decodeURIComponent(cid!))!]),
  );
  return { envelope, files };
}

function splitAt(body: Buffer, boundary: string): { head: string; content: Buffer }[] {
  const parts: { head: string; content: Buffer }[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  for (let next = body.indexOf(mark, at + 1); next >= 0; [at, next] = [next, body.indexOf(mark, next + 1)]) {
    const part = body.subarray(at + mark.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    parts.push({ head: part.subarray(0, end).toString('latin1'), content: part.subarray(end + 4) });
  }
  return parts;
}
