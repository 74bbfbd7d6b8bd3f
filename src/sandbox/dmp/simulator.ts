import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdminServer } from './admin.ts';
import { createDmpServer } from './service.ts';
import { openSimulation, type Simulation, type SimulationOptions } from './simulation.ts';
import { mutualTls } from './tls.ts';

export interface DmpSimulatorOptions extends SimulationOptions {
  /** Port of the services; 0 (default) takes a free one. */
  port?: number;
  /** Port of the admin API; 0 (default) takes a free one. */
  adminPort?: number;
  /** Address both listen on, 127.0.0.1 by default: neither has access control. */
  host?: string;
}

/** A DMP that runs on this machine. */
export interface DmpSimulator {
  /** Base address of the services, `/repository` and `/registry` to be added. */
  url: string;
  /** Base address of the admin API. */
  adminUrl: string;
  /** Resets every open connection, stops listening and closes the store. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of the DMP: ITI-41 on `/repository`, ITI-18 and ITI-57 on `/registry`, as strict as the national
 * one is known to be, with an admin API beside it (TD2.1, TD3.1b, TD3.3c; specification sheet dmp-xds, 20).
 */
export async function startDmpSimulator(options: DmpSimulatorOptions = {}): Promise<DmpSimulator> {
  const simulation = openSimulation(options);
  try {
    return await listen(simulation, options);
  } catch (error) {
    simulation.store.close();
    throw error;
  }
}

async function listen(simulation: Simulation, options: DmpSimulatorOptions): Promise<DmpSimulator> {
  const { host = '127.0.0.1', port = 0, adminPort = 0, certificates } = options;
  const tls = certificates === undefined ? null : mutualTls(certificates);
  const server = createDmpServer(simulation, tls);
  server.listen(port, host);
  await once(server, 'listening');
  const admin = createAdminServer(simulation);
  try {
    await admin.listen({ host, port: adminPort });
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  return {
    url: `${baseOf(server, tls ? 'https' : 'http')}/si-dmp-server/v2/services`,
    adminUrl: baseOf(admin.server, 'http'),
    async close() {
      admin.server.closeAllConnections();
      await Promise.all([closeServer(server), admin.close()]);
      await simulation.store.settled();
      simulation.store.close();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function baseOf(server: Server, scheme: 'http' | 'https'): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
