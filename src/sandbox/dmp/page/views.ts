import { type Markup, xml } from '../../../xml/writer.ts';
import type { Entry } from '../store.ts';
import { PAGE } from './layout.ts';

/** A reader of the DMP, and what is kept from it. */
interface View {
  name: string;
  label: string;
  /** Confidentiality code that hides a document from this reader. */
  hiddenBy: string;
}

/** By the parameter `vue`; without it everything that the registry holds is listed, replaced and deleted too. */
const VIEWS: readonly View[] = [
  { name: 'professionnel', label: 'Vu par un professionnel', hiddenBy: 'MASQUE_PS' },
  { name: 'patient', label: 'Vu par le patient', hiddenBy: 'INVISIBLE_PATIENT' },
  {
    name: 'representant',
    label: 'Vu par un représentant légal',
    hiddenBy: 'INVISIBLE_REPRESENTANTS_LEGAUX',
  },
];

/** Whether a reader finds an entry: in force and not hidden from it. What a professional wrote itself is not told apart. */
export function isSeen(entry: Entry, name: string | null): boolean {
  const view = VIEWS.find((one) => one.name === name);
  return !view || (entry.status === 'Approved' && !entry.confidentiality.includes(view.hiddenBy));
}

/** Links to the list as each reader finds it. */
export function viewLinks(name: string | null, patient: string | null): Markup {
  const all = [{ name: '', label: 'Tout le registre' }, ...VIEWS];
  const links = all.map((one) => {
    const query = new URLSearchParams({
      ...(patient !== null && { patient }),
      ...(one.name && { vue: one.name }),
    });
    const current = one.name === (name ?? '') ? xml` aria-current="true"` : null;
    return xml`<a href="${PAGE}?${query.toString()}"${current}>${one.label}</a>`;
  });
  return xml`<nav class="vues" aria-label="Qui regarde">${links}</nav>`;
}

/** The name of a reader that exists, or null. */
export function viewOf(given: unknown): string | null {
  return VIEWS.find((one) => one.name === given)?.name ?? null;
}
