import { type Markup, xml } from '../../../xml/writer.ts';

/** Base of the page on the admin port. */
export const PAGE = '/page';

/** Headers of every answer of the page: nothing but its own style and files, no script, no frame from elsewhere. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Headers of what a document says, in its frame or by itself: it is shown, and may do nothing. */
export const FRAME_HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
} as const;

/** What a document says, without anything of the page around it. */
export function bare(title: string, content: Markup): string {
  return `<!DOCTYPE html>\n${xml`<html lang="fr">${head(title)}<body class="seul">${content}</body></html>`.text}\n`;
}

function head(title: string): Markup {
  return xml`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} — DMP simulé</title><link rel="stylesheet" href="${PAGE}/style.css"></head>`;
}

const LINKS: readonly [path: string, label: string][] = [
  ['', 'Documents'],
  ['/patients', 'Patients'],
  ['/refus', 'Refus'],
];

/** A whole page, in French: it shows what a doctor would see, to whoever tries the gateway. */
export function layout(title: string, path: string | null, content: Markup): string {
  const links = LINKS.map(([to, label]) => {
    const current = to === path ? xml` aria-current="page"` : null;
    return xml`<a href="${PAGE}${to}"${current}>${label}</a>`;
  });
  return `<!DOCTYPE html>\n${xml`<html lang="fr">${head(title)}<body><header><strong>DMP simulé</strong><nav>${links}</nav><p>Bac à sable : identités de test seulement. Rien d’ici ne part vers le DMP national.</p></header><main><h1>${title}</h1>${content}</main></body></html>`.text}\n`;
}

export const STYLE = `:root { color-scheme: light; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2430; background: #f5f6f8; }
header { background: #12355b; color: #fff; padding: .75rem 1.5rem; display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline; }
header p { margin: 0; font-size: .875rem; }
header nav, .vues { display: flex; gap: 1.25rem; }
header nav a { color: #fff; }
nav a[aria-current] { font-weight: 700; text-decoration: none; border-bottom: 2px solid; }
.vues { flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; }
.vues .seul { background: #fff; } .seul article { border: 0; }
.seul { background: #fff; } .seul article { border: 0; }
a { color: #0b4fa3; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 1.5rem 0 .25rem; } h3, h4, h5, h6 { font-size: 1rem; margin: 1rem 0 .25rem; }
.cadre { overflow-x: auto; background: #fff; border: 1px solid #d5dae1; border-radius: .375rem; }
.texte { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid #e4e8ed; }
th { background: #eef1f5; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding: .5rem .75rem; }
code { font-size: .8125rem; overflow-wrap: anywhere; }
small { color: #4c5766; }
.statut { white-space: nowrap; padding: .1rem .5rem; border-radius: 1rem; font-size: .8125rem; background: #d8efdf; color: #124d26; }
.statut.remplace { background: #fdeccd; color: #6a4300; }
.statut.supprime { background: #f9d9d6; color: #7a1410; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; background: #fff; border: 1px solid #d5dae1; border-radius: .375rem; padding: 1rem; margin: 0 0 1rem; }
dt { color: #4c5766; } dd { margin: 0; }
article { background: #fff; border: 1px solid #d5dae1; border-radius: .375rem; padding: .5rem 1.5rem 1.5rem; }
article pre { white-space: pre-wrap; }
iframe { width: 100%; height: 75vh; border: 1px solid #d5dae1; background: #fff; }
a { color: #0b4fa3; } a:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
@media (max-width: 40rem) { main, header { padding-inline: 1rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; }
.fiches thead { display: none; } .fiches tr { display: block; padding: .5rem .75rem; border-bottom: 1px solid #d5dae1; }
.fiches td { display: grid; grid-template-columns: 6rem 1fr; padding: .1rem 0; border: 0; } .fiches td::before { content: attr(data-nom); color: #4c5766; font-size: .875rem; grid-row: span 3; } .fiches td br { display: none; } .fiches td > * { grid-column: 2; justify-self: start; } }
`;
