import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../../../src/delivery/dmp/connection.ts';
import { openDmpConnection } from '../../../src/delivery/dmp/connection.ts';

export interface Seen {
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Port that the client spoke from: the same for two requests on one connection. */
  clientPort: number;
}

export interface DmpStub extends AsyncDisposable {
  url: string;
  seen: Seen[];
}

export type Script = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;

/** A server that reads each request whole and answers by script; `early` answers before the body is read. */
export async function startStub(script: Script, options: { early?: boolean } = {}): Promise<DmpStub> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one: Seen = {
      path: request.url!,
      headers: request.headers,
      body: Buffer.alloc(0),
      clientPort: request.socket.remotePort!,
    };
    seen.push(one);
    if (options.early) return script(one, response, request);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    one.body = Buffer.concat(chunks);
    script(one, response, request);
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/si-dmp-server/v2/services`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((ready) => server.listen(0, '127.0.0.1', ready));
}

export function connectTo(url: string, more: Partial<Parameters<typeof openDmpConnection>[0]> = {}) {
  const connection = openDmpConnection({ baseUrl: url, timeoutMs: 5_000, connections: 2, ...more });
  return { ...connection, [Symbol.asyncDispose]: () => connection.close() };
}

/** Answers with a SOAP envelope, as plain SOAP or the way the DMP's repository does. */
export function answerSoap(
  response: ServerResponse,
  envelope: string,
  { multipart = false, status = 200 } = {},
): void {
  const { contentType, body } = multipart
    ? cxf(envelope)
    : { contentType: 'application/soap+xml; charset=UTF-8', body: envelope };
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

function cxf(envelope: string): { contentType: string; body: string } {
  const boundary = 'uuid:6f5b1c2e-7d1b-4d3f-9d1c-0a1b2c3d4e5f';
  return {
    contentType: `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<root.message@cxf.apache.org>"; start-info="application/soap+xml"`,
    body: `\r\n--${boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <root.message@cxf.apache.org>\r\n\r\n${envelope}\r\n--${boundary}--`,
  };
}

export function envelope(body: string, relatesTo?: string): string {
  const header = relatesTo === undefined ? '' : `<w:RelatesTo>${relatesTo}</w:RelatesTo>`;
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://www.w3.org/2005/08/addressing"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

const STATUS = 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType';
const SEVERITY = 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType';

export interface StubError {
  code: string;
  context?: string;
  severity?: 'Error' | 'Warning';
}

export function registryResponse(status: string, errors: StubError[] = []): string {
  const list = errors.map(
    ({ code, context = 'texte', severity = 'Error' }) =>
      `<r:RegistryError errorCode="${code}" codeContext="${context}" severity="${SEVERITY}:${severity}"/>`,
  );
  const full = status.startsWith('urn:') ? status : `${STATUS}:${status}`;
  return `<r:RegistryResponse xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="${full}">${
    list.length > 0 ? `<r:RegistryErrorList>${list.join('')}</r:RegistryErrorList>` : ''
  }</r:RegistryResponse>`;
}

export function fault(code: string, subcode: string | null, reason: string): string {
  const sub = subcode === null ? '' : `<s:Subcode><s:Value>s:${subcode}</s:Value></s:Subcode>`;
  return `<s:Fault><s:Code><s:Value>s:${code}</s:Value>${sub}</s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`;
}

/** An exchange as if a server had answered. */
export function answered(body: string, more: Partial<Extract<Exchange, { kind: 'answer' }>> = {}): Exchange {
  return {
    kind: 'answer',
    status: 200,
    contentType: 'application/soap+xml',
    bytes: Buffer.from(body),
    sent: true,
    ...more,
  };
}
