import { join } from 'node:path';
import { Directory, type DirectoryOptions } from '../delivery/mssante/directory/directory.ts';
import { WhiteList } from '../delivery/mssante/white-list/white-list.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseDirectory, raiseWhiteList } from './alarms/raising.ts';
import { type Config, readText } from './config.ts';
import type { MssanteConfig } from './mssante-config.ts';

/** Who may be written to, and who holds an address. */

export interface MailDomainsParts {
  config: Pick<Config, 'data'>;
  clock: Clock;
  log: { warn(about: object, what: string): void };
  incidents: Incidents;
}

/** Where the last good list is kept. */
export function whiteListFolder(data: string): string {
  return join(data, 'white-list');
}

/** @throws ViaducError `config.unreadable`, `mssante.white-list-source` */
export function openWhiteList({ whiteList }: MssanteConfig, parts: MailDomainsParts): WhiteList | null {
  if (!whiteList) return null;
  const { config, clock, log, incidents } = parts;
  const { source, authorities, refreshMs, maxShrinkPercent } = whiteList;
  return new WhiteList({
    ...{ source, maxShrinkPercent, clock, refreshHours: refreshMs / 3_600_000 },
    ...(authorities !== null && { authorities: readText(authorities) }),
    folder: whiteListFolder(config.data),
    onRead: (problem) => {
      if (problem) log.warn({ code: problem.code }, 'the white list of MSSanté was not taken over');
      raiseWhiteList(incidents, problem?.code ?? null);
    },
  });
}

/** @throws ViaducError `config.unreadable`, `mssante.directory-address` */
export function openDirectory(
  { directory, patientDomain }: MssanteConfig,
  clock: Clock,
  onStanding: DirectoryOptions['onStanding'] = () => {},
): Directory | null {
  if (!directory) return null;
  const { url, keyFile, authorities, cacheMs } = directory;
  return new Directory({
    ...{ url, keyFile, patientDomain, clock, onStanding, cacheHours: cacheMs / 3_600_000 },
    ...(authorities !== null && { authorities: readText(authorities) }),
  });
}

/** A directory that fails stops no mail: somebody is told all the same. */
export function directoryStanding({ log, incidents }: MailDomainsParts): DirectoryOptions['onStanding'] {
  return (problem) => {
    if (problem) log.warn({ code: problem.code }, 'the Annuaire Santé gives no answer');
    raiseDirectory(incidents, problem?.code ?? null);
  };
}
