import { type Markup, xml } from '../../../xml/writer.ts';
import type { Status } from '../names.ts';
import type { Simulation } from '../simulation.ts';
import type { Entry } from '../store.ts';
import { dateOf } from './dates.ts';
import { PAGE } from './layout.ts';
import { enclosedFile, narrativeOf } from './narrative.ts';
import { patientLink } from './patients.ts';
import { readHeading, readRoot } from './reading.ts';
import { isSeen, viewLinks } from './views.ts';

const STATUSES: Readonly<Record<Status, [label: string, style: string]>> = {
  Approved: ['en vigueur', ''],
  Deprecated: ['remplacé', 'remplace'],
  Deleted: ['supprimé', 'supprime'],
};

const HIDDEN: Readonly<Record<string, string>> = {
  MASQUE_PS: 'masqué aux professionnels',
  INVISIBLE_PATIENT: 'invisible au patient',
  INVISIBLE_REPRESENTANTS_LEGAUX: 'invisible aux représentants légaux',
};

/** Which documents are listed. */
export interface Listing {
  before: number;
  /** CX of a patient, or null for all. */
  patient: string | null;
  /** Who looks, or null for the whole registry. */
  view: string | null;
}

/** The newest documents, as whoever looks would find them. */
export function documentList(simulation: Simulation, { before, patient, view }: Listing): Markup {
  const { items, next } = simulation.store.newest(before, patient);
  const rows = items.filter((entry) => isSeen(entry, view)).map((entry) => row(entry, simulation));
  const filter = new URLSearchParams({
    ...(patient !== null && { patient }),
    ...(view !== null && { vue: view }),
  });
  const more =
    next && xml`<p><a href="${PAGE}?avant=${next}&${filter.toString()}">Documents plus anciens</a></p>`;
  const links = viewLinks(view, patient);
  if (rows.length === 0) return xml`${links}<p>Aucun document.</p>${more}`;
  return xml`${links}<div class="cadre"><table class="fiches"><thead><tr><th>Document</th><th>Patient</th><th>Date</th><th>Auteur</th><th>Statut</th><th>Visibilité</th></tr></thead><tbody>${rows}</tbody></table></div>${more}`;
}

function row(entry: Entry, simulation: Simulation): Markup {
  const { title, author, version, type } = readHeading(simulation.store.content(entry.uniqueId)!);
  const kind = `${type ?? entry.typeCode}${version === null ? '' : `, version ${version}`}`;
  return xml`<tr><td data-nom="Document"><a href="${PAGE}/documents/${entry.uniqueId}">${title ?? 'Sans titre'}</a><br><small>${kind}</small></td><td data-nom="Patient">${patientLink(entry.patient, simulation)}</td><td data-nom="Date">${dateOf(entry.creationTime)}</td><td data-nom="Auteur">${author ?? '—'}</td><td data-nom="Statut">${statusOf(entry)}</td><td data-nom="Visibilité">${visibilityOf(entry)}</td></tr>`;
}

/** One document with its versions and what it says; null when there is none. */
export function documentView(
  simulation: Simulation,
  uniqueId: string,
): { title: string; content: Markup } | null {
  const { store } = simulation;
  const entry = store.entriesOf(uniqueId).at(-1);
  const bytes = store.content(uniqueId);
  if (!entry || !bytes) return null;
  const { title, author, version, type } = readHeading(bytes);
  const replaced = entry.replaces === null ? null : store.entry(entry.replaces);
  const replacing = store.replacing(uniqueId);
  const facts: [string, Markup | string | null][] = [
    ['Patient', patientLink(entry.patient, simulation)],
    ['Date', dateOf(entry.creationTime)],
    ['Auteur', author],
    ['Structures', entry.structures.join(', ')],
    ['Type', `${type ? `${type}, ` : ''}${entry.typeCode}`],
    ['Version', version],
    ['Statut', statusOf(entry)],
    ['Visibilité', visibilityOf(entry)],
    ['Remplace', replaced && documentLink(replaced.uniqueId)],
    ['Remplacé par', replacing && documentLink(replacing)],
    ['Identifiant', xml`<code>${uniqueId}</code>`],
    ['Reçu', `${dateOf(entry.at.replace(/\D/g, '').slice(0, 14))}, ${entry.size} octets, lot ${entry.lot}`],
  ];
  const list = facts.map(([name, value]) => value && xml`<dt>${name}</dt><dd>${value}</dd>`);
  return { title: title ?? 'Sans titre', content: xml`<dl>${list}</dl>${reading(uniqueId, bytes)}` };
}

function reading(uniqueId: string, bytes: Buffer): Markup {
  const root = readRoot(bytes);
  if (!root) return xml`<p>Ce document n’est pas un CDA lisible ici.</p>`;
  const file = enclosedFile(root);
  const alone = `${PAGE}/documents/${uniqueId}/lecture`;
  if (!file)
    return xml`<p><a href="${alone}">Lire en pleine page</a></p><iframe sandbox src="${alone}" title="Texte du document"></iframe>`;
  const address = `${PAGE}/documents/${uniqueId}/fichier`;
  if (file.mediaType === 'application/pdf')
    return xml`<p><a href="${address}">Ouvrir le PDF</a></p><iframe src="${address}" title="Document PDF"></iframe>`;
  if (file.mediaType === 'text/plain')
    return xml`<article><pre>${file.bytes.toString('utf8')}</pre></article>`;
  return xml`<p><a href="${address}">Télécharger le fichier (${file.mediaType})</a></p>`;
}

/** The text of a structured document by itself, for a frame that may do nothing; null without one. */
export function documentText(
  { store }: Simulation,
  uniqueId: string,
): { title: string; content: Markup } | null {
  const bytes = store.content(uniqueId);
  const root = bytes && readRoot(bytes);
  if (!root || enclosedFile(root)) return null;
  const { title } = readHeading(bytes);
  return { title: title ?? 'Sans titre', content: xml`<article>${narrativeOf(root)}</article>` };
}

function documentLink(uniqueId: string): Markup {
  return xml`<a href="${PAGE}/documents/${uniqueId}"><code>${uniqueId}</code></a>`;
}

function statusOf({ status }: Entry): Markup {
  const [label, style] = STATUSES[status];
  return xml`<span class="statut ${style}">${label}</span>`;
}

function visibilityOf({ confidentiality }: Entry): string {
  return confidentiality.flatMap((code) => HIDDEN[code] ?? []).join(', ') || 'patient et professionnels';
}
