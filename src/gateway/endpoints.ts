import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running gateway is reached; the same stands in `endpoints.json` of its data folder. */
export interface Endpoints {
  pid: number;
  http: string;
  /** Host and port of HL7 v2, without TLS and with it. */
  mllp: string | null;
  mllps: string | null;
  dmp: string | null;
  dmpAdmin: string | null;
  /** Control of the simulated operator of MSSanté. */
  mail: string | null;
}

/** Written whole or not at all: whoever waits for the file never reads half of it. */
export function writeEndpoints(folder: string, endpoints: Endpoints): void {
  const file = join(folder, 'endpoints.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
