import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Markup, xml } from '../../../xml/writer.ts';
import { raise } from '../errors.ts';
import type { Refused } from '../journal.ts';
import type { Simulation } from '../simulation.ts';
import { dateOf } from './dates.ts';
import { documentList, documentText, documentView } from './documents.ts';
import { bare, FRAME_HEADERS, layout, PAGE, PAGE_HEADERS, STYLE } from './layout.ts';
import { enclosedFile } from './narrative.ts';
import { patientCard, patientList } from './patients.ts';
import { readRoot } from './reading.ts';
import { viewOf } from './views.ts';

/** The pages that show a person what the DMP holds: no script, nothing that changes anything. */
export function addPages(server: FastifyInstance, simulation: Simulation): void {
  server.get('/', (_, reply) => reply.redirect(PAGE));
  server.get(`${PAGE}/style.css`, (_, reply) => reply.headers(PAGE_HEADERS).type('text/css').send(STYLE));
  server.get<{ Querystring: Query }>(PAGE, ({ query }, reply) => {
    const before = /^\d{1,15}$/.test(query.avant ?? '') ? Number(query.avant) : Number.MAX_SAFE_INTEGER;
    const patient = typeof query.patient === 'string' ? query.patient : null;
    const list = documentList(simulation, { before, patient, view: viewOf(query.vue) });
    if (patient === null) return show(reply, 'Documents', '', list);
    const { name, card } = patientCard(patient, simulation);
    return show(reply, name, null, xml`${card}${list}`);
  });
  server.get(`${PAGE}/patients`, (_, reply) => show(reply, 'Patients', '/patients', patientList(simulation)));
  server.get(`${PAGE}/refus`, (_, reply) => show(reply, 'Refus', '/refus', refusalList(simulation)));
  addDocument(server, simulation);
}

interface Query {
  avant?: string;
  patient?: string;
  vue?: string;
}

function addDocument(server: FastifyInstance, simulation: Simulation): void {
  server.get<{ Params: { uniqueId: string } }>(`${PAGE}/documents/:uniqueId`, ({ params }, reply) => {
    const view = documentView(simulation, params.uniqueId);
    if (!view)
      return show(reply.code(404), 'Document inconnu', null, xml`<p>Aucun document n’a cet identifiant.</p>`);
    return show(reply, view.title, null, view.content);
  });
  server.get<{ Params: { uniqueId: string } }>(`${PAGE}/documents/:uniqueId/lecture`, ({ params }, reply) => {
    const text = documentText(simulation, params.uniqueId);
    if (!text) throw raise('sandbox.document-unknown');
    return reply.headers(FRAME_HEADERS).type('text/html; charset=utf-8').send(bare(text.title, text.content));
  });
  server.get<{ Params: { uniqueId: string } }>(`${PAGE}/documents/:uniqueId/fichier`, ({ params }, reply) => {
    const root = readRoot(simulation.store.content(params.uniqueId) ?? Buffer.alloc(0));
    const file = root && enclosedFile(root);
    if (!file) throw raise('sandbox.document-unknown');
    reply.headers(PAGE_HEADERS);
    // Only a PDF is shown: anything else could be a page of its own, and is kept as a file.
    if (file.mediaType === 'application/pdf') return reply.type('application/pdf').send(file.bytes);
    return reply
      .header('content-disposition', 'attachment')
      .type('application/octet-stream')
      .send(file.bytes);
  });
}

function show(reply: FastifyReply, title: string, path: string | null, content: Markup): FastifyReply {
  return reply
    .headers(PAGE_HEADERS)
    .type('text/html; charset=utf-8')
    .send(layout(title, path, content));
}

function refusalList({ journal }: Simulation): Markup {
  const refusals = journal.refusals();
  if (refusals.length === 0) return xml`<p>Aucune demande refusée.</p>`;
  return xml`<div class="cadre"><table><thead><tr><th>Heure</th><th>Demande</th><th>Raisons</th></tr></thead><tbody>${refusals.map(refusal)}</tbody></table></div>`;
}

function refusal({ at, transaction, uniqueIds, problems, fault }: Refused): Markup {
  const reasons = problems
    .filter((one) => one.severity === 'Error')
    .map(
      ({ errorCode, message, remedy, location, code }) =>
        xml`<li><strong>${errorCode}</strong> : ${message.fr} ${remedy.fr}<br><small>${code}${location && ` — ${location}`}</small></li>`,
    );
  const whole =
    fault && xml`<li><strong>SOAP Fault</strong> : ${fault.fr}<br><small>${fault.code}</small></li>`;
  const when = dateOf(at.replace(/\D/g, '').slice(0, 'YYYYMMDDhhmmss'.length));
  const about = uniqueIds.map((id) => xml`<br><code>${id}</code>`);
  return xml`<tr><td>${when}</td><td>${transaction ?? 'illisible'}${about}</td><td><ul>${whole}${reasons}</ul></td></tr>`;
}
