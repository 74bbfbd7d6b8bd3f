import type { FastifyReply } from 'fastify';
import { fill } from '../../words/errors.ts';
import { type Markup, xml } from '../../xml/writer.ts';
import { PAGE_HEADERS, STYLE } from '../dmp/page/layout.ts';
import type { ControlServer } from './control.ts';
import type { TakenMail } from './journal.ts';
import { readMail } from './mail.ts';
import type { MailSimulation } from './simulation.ts';

const PAGE = '/mssante/page';
const LINKS = [
  ['', 'Messages'],
  ['/boites', 'Boîtes'],
  ['/refus', 'Refus'],
] as const;
const SHOWN = 50;

/** Pages that show a person what passes through the simulated operator: no script, nothing that changes anything. */
export function addMailPages(server: ControlServer, simulation: MailSimulation): void {
  server.get(`${PAGE}/style.css`, (_, reply) => reply.headers(PAGE_HEADERS).type('text/css').send(STYLE));
  server.get(PAGE, (_, reply) => show(reply, 'Messages acceptés', '', mailList(simulation)));
  server.get(`${PAGE}/boites`, async (_, reply) =>
    show(reply, 'Boîtes', '/boites', await boxList(simulation)),
  );
  server.get(`${PAGE}/refus`, (_, reply) => show(reply, 'Refus', '/refus', refusalList(simulation)));
}

function show(reply: FastifyReply, title: string, path: string, content: Markup): FastifyReply {
  const links = LINKS.map(
    ([to, label]) =>
      xml`<a href="${PAGE}${to}"${to === path ? xml` aria-current="page"` : null}>${label}</a>`,
  );
  const page = xml`<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} — MSSanté simulée</title><link rel="stylesheet" href="${PAGE}/style.css"></head><body><header><strong>MSSanté simulée</strong><nav>${links}</nav><p>Bac à sable : identités de test seulement. Aucun message d’ici ne part au dehors.</p></header><main><h1>${title}</h1>${content}</main></body></html>`;
  return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(`<!DOCTYPE html>\n${page.text}\n`);
}

function table(columns: readonly string[], rows: readonly Markup[], none: string): Markup {
  if (rows.length === 0) return xml`<p>${none}</p>`;
  const heads = columns.map((one) => xml`<th>${one}</th>`);
  return xml`<div class="cadre"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

const KINDS: Readonly<Record<string, string>> = {
  gateway: 'boîte applicative de la passerelle',
  person: 'professionnel',
  organisation: 'organisation',
  application: 'application',
  patient: 'patient',
};

function mailList({ journal }: MailSimulation): Markup {
  const rows = journal.mails().slice(0, SHOWN).map(mailRow);
  return table(['Heure', 'Destinataire', 'En-têtes', 'Suivi'], rows, 'Aucun message.');
}

function mailRow({ at, to, class: kind, headers, bytes, envid, steps }: TakenMail): Markup {
  const told = steps.map((step) => xml`<li>${step.what}<br><small>${step.at}</small></li>`);
  return xml`<tr><td>${at}</td><td>${to}<br><small>${KINDS[kind] ?? kind}, ${bytes} octets</small></td><td><details><summary>ENVID ${envid ?? '—'}</summary><pre>${headers}</pre></details></td><td><ul>${told}</ul></td></tr>`;
}

async function boxList({ boxes }: MailSimulation): Promise<Markup> {
  const rows: Markup[] = [];
  for (const box of boxes.list()) {
    const folders = [...box.folders.values()].map(
      ({ name, mails }) => xml`<li>${name} : ${mails.length}</li>`,
    );
    const last = await Promise.all(box.inbox.mails.slice(-5).map(({ raw }) => readMail(raw)));
    const subjects = last.map((mail) => xml`<li>${mail?.email.subject ?? '(illisible)'}</li>`);
    rows.push(
      xml`<tr><td>${box.address}<br><small>${KINDS[box.kind]!}${box.options.full ? ', pleine' : ''}</small></td><td><ul>${folders}</ul></td><td><ul>${subjects}</ul></td></tr>`,
    );
  }
  return table(['Boîte', 'Dossiers', 'Derniers messages reçus'], rows, 'Aucune boîte.');
}

function refusalList({ journal }: MailSimulation): Markup {
  const rows = journal
    .refusals()
    .slice(0, SHOWN)
    .map(({ at, step, from, to, reasons }) => {
      const why = reasons.map(
        ({ code, smtp, enhanced, message, remedy, values }) =>
          xml`<li><strong>${smtp} ${enhanced}</strong> : ${fill(message.fr, values, 'fr')} ${remedy.fr}<br><small>${code}</small></li>`,
      );
      return xml`<tr><td>${at}</td><td>${step}</td><td>${from}<br>${to.join(', ')}</td><td><ul>${why}</ul></td></tr>`;
    });
  return table(['Heure', 'Étape', 'De, à', 'Raisons'], rows, 'Rien n’a été refusé.');
}
