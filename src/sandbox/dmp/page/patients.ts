import { type Markup, xml } from '../../../xml/writer.ts';
import { parseInsCx } from '../formats.ts';
import type { DmpPatient, Traits } from '../patients.ts';
import type { Simulation } from '../simulation.ts';
import { dateOf } from './dates.ts';
import { PAGE } from './layout.ts';

/** The patients known by their name, with the state of their DMP. */
export function patientList({ patients, store }: Simulation): Markup {
  const rows = patients.list().map((patient) => {
    const { matricule, root, label, traits } = patient;
    const cx = cxOf(patient);
    const name = traits ? `${traits.family} ${traits.given}` : label;
    return xml`<tr><td data-nom="Patient"><a href="${addressOf(cx)}">${name}</a><br><small>${traits ? bornOf(traits) : ''}</small></td><td data-nom="INS"><code>${matricule}</code><br><small>${root}</small></td><td data-nom="DMP">${stateOf(patient.dmp)}</td><td data-nom="Documents">${store.documentsOf(cx)}</td></tr>`;
  });
  return xml`<p>Les patients de test connus par leur nom. Un autre INS peut avoir des documents aussi : voir la liste des documents.</p><div class="cadre"><table class="fiches"><thead><tr><th>Patient</th><th>INS</th><th>DMP</th><th>Documents</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Who a patient is and what the DMP says of the record, as above the list of its documents. */
export function patientCard(cx: string, simulation: Simulation): { name: string; card: Markup } {
  const { patients, switches } = simulation;
  const ins = parseInsCx(cx);
  const traits = ins && patients.traitsOf(ins);
  const name = traits
    ? `${traits.family} ${traits.given}`
    : ((ins && patients.labelOf(ins)) ?? 'Patient hors liste');
  const dmp = ins && patients.stateOf(ins, switches);
  const mailbox = ins && dmp?.state === 'open' && dmp.nationalSpace !== false;
  const facts: [string, Markup | string | null | undefined][] = [
    ['Identité', traits && bornOf(traits)],
    ['INS', xml`<code>${ins?.matricule ?? cx}</code>`],
    ['DMP', dmp && stateOf(dmp)],
    ['Mon espace santé', dmp?.state === 'open' ? (mailbox ? 'rattaché' : 'non rattaché') : null],
    ['Messagerie', mailbox ? `${ins.matricule}@patient.mssante.fr` : null],
  ];
  const list = facts.map(([what, value]) => value && xml`<dt>${what}</dt><dd>${value}</dd>`);
  return { name, card: xml`<dl>${list}</dl>` };
}

/** A link to the documents of a patient. */
export function patientLink(cx: string, { patients }: Simulation): Markup {
  const ins = parseInsCx(cx);
  const traits = ins && patients.traitsOf(ins);
  const name = traits
    ? `${traits.family} ${traits.given}`
    : ((ins && patients.labelOf(ins)) ?? 'patient hors liste');
  const born = traits ? `${bornOf(traits)} — ` : '';
  return xml`<a href="${addressOf(cx)}">${name}</a><br><small>${born}${ins?.matricule ?? cx}</small>`;
}

function addressOf(cx: string): string {
  return `${PAGE}?patient=${encodeURIComponent(cx)}`;
}

function cxOf({ matricule, root }: DmpPatient): string {
  return `${matricule}^^^&${root}&ISO^NH`;
}

function bornOf({ sex, birthDate }: Traits): string {
  return sex === 'F' ? `née le ${dateOf(birthDate)}` : `né le ${dateOf(birthDate)}`;
}

function stateOf(dmp: DmpPatient['dmp']): string {
  if (dmp.state === 'closed') return `fermé : ${dmp.reason}`;
  if (dmp.state === 'absent') return 'aucun DMP';
  const { authorisation } = dmp;
  return authorisation && authorisation !== 'VALIDE' ? `ouvert, consultation ${authorisation}` : 'ouvert';
}
