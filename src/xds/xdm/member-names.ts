import type { Words } from '../../words/errors.ts';
import { xdmError } from './errors.ts';
import { xdmLimits } from './limits.ts';

/**
 * The names of an archive, as they would have to be to lie beside each other in any folder of any machine. Nothing is ever
 * written under them.
 * @throws ViaducError `xdm.name-refused`, `xdm.name-twice`
 */
export function judgeNames(names: readonly string[]): void {
  const positions = new Map<string, number>();
  const parents = new Set<string>();
  names.forEach((name, index) => {
    const what = objection(name);
    if (what) throw xdmError('xdm.name-refused', { position: index + 1, what });
    const key = folded(name);
    const first = positions.get(key);
    if (first !== undefined) throw xdmError('xdm.name-twice', { first, second: index + 1 });
    positions.set(key, index + 1);
    for (const parent of parentsOf(key)) parents.add(parent);
  });
  names.forEach((name, index) => {
    if (!name.endsWith('/') && parents.has(folded(name)))
      throw xdmError('xdm.name-refused', { position: index + 1, what: FILE_AND_FOLDER });
  });
}

/** How a file system that knows no case would compare names. */
export function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().replace(/\/$/, '');
}

function parentsOf(key: string): string[] {
  const steps = key.split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}

function objection(name: string): Words | null {
  return OBJECTIONS.find(([fits]) => fits(name))?.[1] ?? null;
}

const FILE_AND_FOLDER = { fr: 'un fichier et un dossier le portent', en: 'a file and a folder have it' };

const OBJECTIONS: readonly [(name: string) => boolean, Words][] = [
  [(name) => name === '' || name === '/', { fr: 'il est vide', en: 'it is empty' }],
  [
    (name) => Buffer.byteLength(name) > xdmLimits.nameBytes.value,
    {
      fr: `il dépasse ${xdmLimits.nameBytes.value} octets`,
      en: `it has more than ${xdmLimits.nameBytes.value} bytes`,
    },
  ],
  [
    (name) => /[\p{Cc}\p{Cf}\ufffd]/u.test(name),
    { fr: 'il contient un caractère de commande', en: 'it holds a control character' },
  ],
  [(name) => name.includes('\\'), { fr: 'il contient une barre inverse', en: 'it holds a backslash' }],
  [(name) => /^\/|^[A-Za-z]:/.test(name), { fr: 'il est absolu', en: 'it is absolute' }],
  [
    (name) =>
      name
        .replace(/\/$/, '')
        .split('/')
        .some((step) => step === '..' || step === '.' || step === ''),
    { fr: 'il remonte ou saute un dossier', en: 'it climbs or skips a folder' },
  ],
];
