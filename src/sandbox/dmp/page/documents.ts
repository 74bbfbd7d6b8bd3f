import { type Markup, xml } from '../../../xml/writer.ts';
import { parseInsCx } from '../formats.ts';
import type { Status } from '../names.ts';
import type { Simulation } from '../simulation.ts';
import type { Entry } from '../store.ts';
import { PAGE } from './layout.ts';
import { enclosedFile, narrativeOf } from './narrative.ts';
import { readHeading, readRoot } from './reading.ts';

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

/** The newest documents, of one patient or of all, as a doctor would find them. */
export function documentList(simulation: Simulation, before: number, patient: string | null): Markup {
  const { items, next } = simulation.store.newest(before, patient);
  if (items.length === 0) return xml`<p>Aucun document.</p>`;
  const rows = items.map((entry) => row(entry, simulation));
  const filter = patient === null ? '' : `&patient=${encodeURIComponent(patient)}`;
  const more = next && xml`<p><a href="${PAGE}?avant=${next}${filter}">Documents plus anciens</a></p>`;
  return xml`<div class="cadre"><table><thead><tr><th>Document</th><th>Patient</th><th>Date</th><th>Auteur</th><th>Statut</th><th>Visibilité</th></tr></thead><tbody>${rows}</tbody></table></div>${more}`;
}

function row(entry: Entry, simulation: Simulation): Markup {
  const { title, author, version } = readHeading(simulation.store.content(entry.uniqueId)!);
  return xml`<tr><td><a href="${PAGE}/documents/${entry.uniqueId}">${title ?? 'Sans titre'}</a><br><small>${entry.typeCode}${version && `, version ${version}`}</small></td><td>${patientLink(entry.patient, simulation)}</td><td>${dateOf(entry.creationTime)}</td><td>${author ?? '—'}</td><td>${statusOf(entry)}</td><td>${visibilityOf(entry)}</td></tr>`;
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
  if (!file) return xml`<article>${narrativeOf(root)}</article>`;
  const address = `${PAGE}/documents/${uniqueId}/fichier`;
  if (file.mediaType === 'application/pdf')
    return xml`<p><a href="${address}">Ouvrir le PDF</a></p><iframe src="${address}" title="Document PDF"></iframe>`;
  if (file.mediaType === 'text/plain')
    return xml`<article><pre>${file.bytes.toString('utf8')}</pre></article>`;
  return xml`<p><a href="${address}">Télécharger le fichier (${file.mediaType})</a></p>`;
}

function documentLink(uniqueId: string): Markup {
  return xml`<a href="${PAGE}/documents/${uniqueId}"><code>${uniqueId}</code></a>`;
}

function patientLink(cx: string, { patients }: Simulation): Markup {
  const ins = parseInsCx(cx);
  const label = (ins && patients.labelOf(ins)) ?? 'patient hors liste';
  return xml`<a href="${PAGE}?patient=${encodeURIComponent(cx)}">${label}</a><br><small>${ins?.matricule ?? cx}</small>`;
}

function statusOf({ status }: Entry): Markup {
  const [label, style] = STATUSES[status];
  return xml`<span class="statut ${style}">${label}</span>`;
}

function visibilityOf({ confidentiality }: Entry): string {
  return confidentiality.flatMap((code) => HIDDEN[code] ?? []).join(', ') || 'patient et professionnels';
}

const PARIS = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'short',
  timeStyle: 'short',
  timeZone: 'Europe/Paris',
});
const DAY_DIGITS = 8;

/** A time of the registry, in UTC, as a person in France reads it. */
function dateOf(dtm: string): string {
  const [year, month, day] = [dtm.slice(0, 4), dtm.slice(4, 6), dtm.slice(6, 8)];
  if (dtm.length <= DAY_DIGITS) return [day, month, year].filter(Boolean).join('/');
  const part = (from: number) => Number(dtm.slice(from, from + 2) || 0);
  return PARIS.format(Date.UTC(Number(year), Number(month) - 1, Number(day), part(8), part(10), part(12)));
}
