import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import type { Admission } from '../intake/admission.ts';
import { intakeLimits } from '../intake/limits.ts';
import { MllpDoor } from '../intake/mllp/door.ts';
import type { Handlers } from '../intake/mllp/handler.ts';
import { readProfiles, type SenderProfile } from '../intake/mllp/profile.ts';
import { MllpServer } from '../intake/mllp/server.ts';
import type { Clock } from '../words/clock.ts';
import type { Config } from './config.ts';
import { type DoorTls, readDoorTls } from './door-tls.ts';
import { gatewayError } from './errors.ts';
import { root } from './product.ts';

export interface OpenMllp {
  /** `host:port` without TLS and with it; null when that port is not open. */
  plain: string | null;
  secure: string | null;
  /** New connections with TLS use this from now on. */
  renew(tls: DoorTls): void;
  close(): Promise<void>;
}

export interface MllpParts {
  config: Config;
  clock: Clock;
  admission: Admission;
  handlers: Handlers;
  onFailure(error: unknown, about: object): void;
  onTrouble(what: string, about: object): void;
}

/** Opens the ports of HL7 v2. */
export async function openMllp(parts: MllpParts): Promise<OpenMllp> {
  const { config, clock, admission, handlers, onFailure, onTrouble } = parts;
  const { mllp, environment } = config;
  const profiles = senderProfiles(config);
  const peers = config.senders.flatMap(({ mllp: known, tokenFile: _, ...sender }) =>
    known ? [{ sender, identity: known.identity, profile: known.profile }] : [],
  );
  const door = new MllpDoor({
    ...{ environment, clock, admission, peers, profiles, handlers, onFailure },
    establishments: new Map(config.establishments.map((one) => [one.id, one])),
    receivers: mllp.receivers,
  });
  const times = { idleMs: mllp.idleMs, frameMs: mllp.frameMs };
  const server = new MllpServer({ reception: door, clock, times, onTrouble });
  const close = () => server.close(intakeLimits.doorDrainMs.value);
  try {
    const plain = mllp.port === null ? null : await listen(server, mllp.plainHost, mllp.port, null);
    const secure = mllp.tls ? await listen(server, mllp.host, mllp.tls.port, readDoorTls(mllp.tls)) : null;
    return { plain, secure, renew: (tls) => server.renew(tls), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function senderProfiles(config: Config): ReadonlyMap<string, SenderProfile> {
  const folders = [
    join(root, 'profiles', 'senders'),
    ...(config.mllp.profiles ? [config.mllp.profiles] : []),
  ];
  const profiles = readProfiles(folders);
  for (const { id, mllp } of config.senders)
    if (mllp && !profiles.has(mllp.profile))
      throw gatewayError('config.malformed', {
        file: 'viaduc.yaml',
        what: `senders.${id}.mllp.profile '${mllp.profile}' is not among ${[...profiles.keys()].join(', ')}`,
      });
  return profiles;
}

async function listen(
  server: MllpServer,
  host: string,
  port: number,
  tls: TlsOptions | null,
): Promise<string> {
  try {
    const real = await server.listen({ host, port }, tls);
    return `${host.includes(':') ? `[${host}]` : host}:${real}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const setting = tls ? 'VIADUC_MLLPS_PORT' : 'VIADUC_MLLP_PORT';
    throw gatewayError('config.port-taken', { host, port, setting }, error);
  }
}
