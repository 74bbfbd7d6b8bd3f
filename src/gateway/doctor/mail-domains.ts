import { statSync } from 'node:fs';
import { join } from 'node:path';
import { keptList } from '../../delivery/mssante/white-list/kept.ts';
import { type PublishedList, readList } from '../../delivery/mssante/white-list/list.ts';
import { listSource } from '../../delivery/mssante/white-list/source.ts';
import type { Clock } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import { readText } from '../config.ts';
import { openDirectory, whiteListFolder } from '../mail-domains.ts';
import type { MssanteConfig } from '../mssante-config.ts';
import { found, type Line, named, ok } from './line.ts';

type ListSettings = NonNullable<MssanteConfig['whiteList']>;

/** The white list in use, and the one that its source gives now; nothing is taken over. */
export async function lookAtWhiteList(
  { whiteList }: MssanteConfig,
  data: string,
  clock: Clock,
): Promise<Line[]> {
  if (!whiteList) return [found('mssante', 'error', 'doctor.white-list-none')];
  const folder = whiteListFolder(data);
  const kept = keptList(folder);
  const inUse = kept ? [keptLine(kept, clock.now() - statSync(join(folder, 'white-list.xml')).mtimeMs)] : [];
  return [...inUse, await published(whiteList, kept)];
}

function keptLine({ domains, generated }: PublishedList, ageMs: number): Line {
  const hours = Math.max(0, Math.floor(ageMs / 3_600_000));
  const date = generated?.text ?? '?';
  return ok(
    'mssante',
    `liste blanche en service : ${domains.size} domaines, du ${date}, reçue il y a ${hours} h`,
    `white list in use: ${domains.size} domains, of ${date}, received ${hours} h ago`,
  );
}

/** Without a list that is kept, one that cannot be had stops every mail. */
async function published(settings: ListSettings, kept: PublishedList | null): Promise<Line> {
  const { source, authorities, maxShrinkPercent } = settings;
  const from = listSource(source, authorities === null ? undefined : readText(authorities));
  try {
    const came = readList(await from.read());
    if (kept && came.domains.size * 100 < kept.domains.size * (100 - maxShrinkPercent))
      return found('mssante', 'warning', 'doctor.white-list-would-shrink', {
        ...{ came: came.domains.size, kept: kept.domains.size },
      });
    const { size } = came.domains;
    return ok(
      'mssante',
      `source de la liste blanche : lue, ${size} domaines`,
      `source of the white list: read, ${size} domains`,
    );
  } catch (error) {
    if (!isViaducError(error)) throw error;
    return named('mssante', kept ? 'warning' : 'error', error.code, error.values);
  } finally {
    await from.close();
  }
}

/** Asks the directory about our own first mailbox. What it answers stops no mail. */
export async function lookAtDirectory(settings: MssanteConfig, clock: Clock): Promise<Line[]> {
  const directory = openDirectory(settings, clock);
  const [mailbox] = settings.mailboxes;
  if (!directory || !mailbox) return [];
  try {
    const answer = await directory.byAddress(mailbox.address);
    if (answer.standing === 'unavailable')
      return [named('mssante', 'warning', answer.problem.code, answer.problem.values)];
    const [fr, en] =
      answer.standing === 'known' ? ['publiée', 'published'] : ['non publiée', 'not published'];
    return [
      ok(
        'mssante',
        `Annuaire Santé : répond ; boîte ${mailbox.id} ${fr}`,
        `Annuaire Santé: answers; mailbox ${mailbox.id} ${en}`,
      ),
    ];
  } finally {
    await directory.close();
  }
}
