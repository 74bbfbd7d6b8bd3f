import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificates } from '../../../gateway/certificates.ts';

const authority = (name: string) => readFileSync(`${certificates}/authority/${name}`, 'utf8');

export interface Published {
  generated?: string;
  domains: readonly string[];
}

/** A list as the trust space publishes it, with as many domains as wanted. */
export function listOf({ generated, domains }: Published): string {
  const date = generated === undefined ? '' : `<DateDeGeneration>${generated}</DateDeGeneration>`;
  const entries = domains.map(
    (name) =>
      `<Domaine><Nom>${name}</Nom><Description>Domaine ${name}</Description><DNCertificatOperateur>CN=operateur</DNCertificatOperateur></Domaine>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">${date}${entries.join('')}</ListeBlanche>`;
}

export const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `d${index}.mssante.fr`);

export const PORTAL = '<html><body>Authentification requise</body></html>';

/** An https server that gives what it is told to, under a certificate that the root of the sandbox stands above. */
export async function startPublisher() {
  const answer: { status: number; body: string | Buffer; headers: Record<string, string> } = {
    ...{ status: 200, body: '', headers: {} },
  };
  const server = createServer(
    { key: authority('server.key'), cert: authority('server.pem') },
    (_, response) => {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    },
  );
  server.on('tlsClientError', () => {});
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    answer,
    authorities: authority('root.pem'),
    url: `https://localhost:${(server.address() as AddressInfo).port}/liste.xml`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
