import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { ledgerLimits } from '../limits.ts';
import type { Seal } from '../seal.ts';
import { sealLine } from './file.ts';
import type { RemoteWitness } from './remote.ts';

export interface SyslogOptions {
  host: string;
  port: number;
  /** PEM of the authorities for TLS; undefined for those of the platform, null for a connection without TLS. */
  authorities: string | undefined | null;
}

/** Facility 13 (log audit), severity 5 (notice): RFC 5424, section 6.2.1. */
const PRIORITY = 13 * 8 + 5;

/**
 * A collector of system logs: one message for each seal (RFC 5424), counted in octets over TCP (RFC 6587) or TLS (RFC 5425). The
 * protocol has no acknowledgement: what the connection took until it was closed cleanly counts as handed over.
 */
export function syslogWitness({ host, port, authorities }: SyslogOptions): RemoteWitness {
  const name = `syslog ${host}:${port}`;
  return {
    name,
    everyMs: 0,
    async take(seals) {
      const socket = await connected(host, port, authorities);
      try {
        socket.end(seals.map(frame).join(''));
        socket.resume();
        await once(socket, 'close');
      } finally {
        socket.destroy();
      }
    },
  };
}

async function connected(
  host: string,
  port: number,
  authorities: SyslogOptions['authorities'],
): Promise<Socket> {
  const socket =
    authorities === null
      ? connectPlain({ host, port })
      : connectTls({
          host,
          port,
          minVersion: 'TLSv1.2',
          ...(authorities === undefined ? {} : { ca: authorities }),
        });
  const deadline = AbortSignal.timeout(ledgerLimits.witnessSeconds.value * 1000);
  socket.setTimeout(ledgerLimits.witnessSeconds.value * 1000, () =>
    socket.destroy(new Error('no answer in time')),
  );
  await once(socket, authorities === null ? 'connect' : 'secureConnect', { signal: deadline }).catch(
    (error) => {
      socket.destroy();
      throw error;
    },
  );
  return socket;
}

function frame(seal: Seal): string {
  const line = sealLine(seal).trimEnd();
  const message = `<${PRIORITY}>1 ${seal.content.at} ${hostname()} viaduc ${process.pid} seal - ${line}`;
  return `${Buffer.byteLength(message)} ${message}`;
}
