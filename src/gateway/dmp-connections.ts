import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { type DmpConnection, openDmpConnection } from '../delivery/dmp/connection.ts';
import { authorityFiles, structureFiles } from '../sandbox/certificates/folder.ts';
import type { Config } from './config.ts';
import { gatewayError } from './errors.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** Connections to the DMP: each establishment authenticates with its own certificate. */
export interface DmpConnections {
  of(establishment: string): DmpConnection;
  close(): Promise<void>;
}

/**
 * Opens the connections of every establishment; none is made before the first request.
 * @throws ViaducError `config.malformed` without an address of the DMP
 */
export function openDmpConnections(config: Config, sandbox: SandboxProcess | null): DmpConnections {
  const { dmp, establishments } = config;
  const baseUrl = sandbox?.dmp ?? dmp.url;
  if (baseUrl === null)
    throw gatewayError('config.malformed', { file: 'viaduc.yaml', what: 'dmp.url is missing' });
  const opened = new Map(
    establishments.map(({ id, finessEj }) => {
      const tls =
        config.environment === 'sandbox' ? sandboxTls(config.sandbox.certificates, finessEj) : undefined;
      return [
        id,
        openDmpConnection({
          baseUrl,
          timeoutMs: dmp.timeoutMs,
          connections: dmp.concurrency,
          ...(tls && { tls }),
        }),
      ];
    }),
  );
  return {
    of: (establishment) => opened.get(establishment)!,
    async close() {
      await Promise.all([...opened.values()].map((one) => one.close()));
    },
  };
}

function sandboxTls(folder: string, finess: string): ConnectionOptions {
  const { client } = structureFiles(folder, finess);
  return {
    ca: readFileSync(authorityFiles(folder).root.certificate),
    cert: readFileSync(client.certificate),
    key: readFileSync(client.key),
  };
}
