import { createHash } from 'node:crypto';
import { Markup, xml } from '../../xml/writer.ts';
import { STYLE } from './html-style.ts';
import {
  type Block,
  BOLD,
  type Cell,
  type Footnote,
  type Group,
  type Inline,
  ITALIC,
  type Link,
  type Picture,
  type Presentation,
  type Section,
  STRIKE,
  SUBSCRIPT,
  SUPERSCRIPT,
  type Table,
  UNDERLINE,
} from './model.ts';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What the page may do: show its own style sheet and the pictures inside it. No script, no address, no form, no frame. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** A document as one HTML page that stands alone and asks nothing of any server. The same bytes for the same document. */
export function writeHtml(page: Presentation): string {
  return `<!DOCTYPE html>\n${xml`<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>${page.title}</h1>
${page.type && xml`<p class="type">${page.type}</p>`}
<div class="groups">${page.header.map(group)}</div>
</header>
<main>
${page.sections.map(section)}
${page.footnotes.length > 0 ? xml`<section class="notes"><h2>Notes</h2><ol>${page.footnotes.map(footnote)}</ol></section>` : null}
${page.mentions.length > 0 ? xml`<section><h2>Autres mentions du document</h2><div class="groups">${page.mentions.map(group)}</div></section>` : null}
</main>
<footer>${page.patient} — Mise en page du document CDA, dont le fichier XML seul fait foi.</footer>
</body>
</html>
`}`;
}

function group({ title, rows }: Group): Markup {
  const lines = rows.map(({ label, value }) => xml`<div><dt>${label}</dt><dd>${value}</dd></div>`);
  const name = title === 'Patient' ? 'group patient' : 'group';
  return xml`<section class="${name}"><h3>${title}</h3><dl>${lines}</dl></section>\n`;
}

const DEEPEST_HEADING = 6;

function section({ title, depth, blocks, sections }: Section): Markup {
  const name = new Markup(`h${Math.min(depth + 1, DEEPEST_HEADING)}`);
  const heading = title && xml`<${name}>${title}</${name}>`;
  return xml`<section>${heading}${blocks.map(block)}${sections.map(section)}</section>\n`;
}

function footnote({ number, anchor, blocks }: Footnote): Markup {
  return xml`<li id="${anchor}" value="${number}">${blocks.map(block)}</li>`;
}

function block(one: Block): Markup {
  switch (one.kind) {
    case 'paragraph':
      return xml`<p>${captioned(one.caption)}${one.inlines.map(inline)}</p>`;
    case 'list':
      return list(one);
    case 'table':
      return table(one);
    case 'picture':
      return xml`<figure>${picture(one.picture)}${one.caption && xml`<figcaption>${one.caption.map(inline)}</figcaption>`}</figure>`;
    case 'remark':
      return xml`<p class="remark">[${one.text}]</p>`;
  }
}

function captioned(caption: Inline[] | null): Markup | null {
  return caption && xml`<b>${caption.map(inline)}</b> `;
}

function list({ marks, items, caption }: Extract<Block, { kind: 'list' }>): Markup {
  const name = new Markup(marks === 'disc' || marks === 'circle' || marks === 'square' ? 'ul' : 'ol');
  const title = caption && xml`<p class="caption">${caption.map(inline)}</p>`;
  return xml`${title}<${name} class="${LIST_CLASS[marks]}">${items.map((item) => xml`<li>${item.map(block)}</li>`)}</${name}>`;
}

/** Classes differ by more than their case. */
const LIST_CLASS = {
  disc: 'disc',
  circle: 'circle',
  square: 'square',
  arabic: 'arabic',
  roman: 'little-roman',
  ROMAN: 'big-roman',
  alpha: 'little-alpha',
  ALPHA: 'big-alpha',
} as const;

function table({ caption, ruled, headRows, rows }: Table): Markup {
  const head = rows.slice(0, headRows).map(row);
  const body = rows.slice(headRows).map(row);
  return xml`<div class="wide"><table${ruled ? new Markup(' class="ruled"') : null}>${caption && xml`<caption>${caption.map(inline)}</caption>`}${head.length > 0 ? xml`<thead>${head}</thead>` : null}${body.length > 0 ? xml`<tbody>${body}</tbody>` : null}</table></div>`;
}

function row(cells: Cell[]): Markup {
  return xml`<tr>${cells.map(cell)}</tr>`;
}

function cell({ head, blocks, columnSpan, rowSpan, align }: Cell): Markup {
  const name = new Markup(head ? 'th' : 'td');
  const spans = [
    columnSpan > 1 ? xml` colspan="${columnSpan}"` : null,
    rowSpan > 1 ? xml` rowspan="${rowSpan}"` : null,
    align === 'left' ? null : xml` class="${align}"`,
  ];
  return xml`<${name}${spans}>${blocks.map(block)}</${name}>`;
}

function inline(one: Inline): Markup {
  switch (one.kind) {
    case 'break':
      return new Markup('<br>');
    case 'anchor':
      return xml`<span id="${one.anchor}"></span>`;
    case 'note':
      return xml`<sup><a href="#${one.anchor}">[${one.number}]</a></sup>`;
    case 'text':
      return linked(revised(looked(one.text, one.look), one.revised), one.text, one.link);
  }
}

const ELEMENTS: readonly (readonly [look: number, name: string])[] = [
  [SUBSCRIPT, 'sub'],
  [SUPERSCRIPT, 'sup'],
  [STRIKE, 's'],
  [UNDERLINE, 'u'],
  [ITALIC, 'i'],
  [BOLD, 'b'],
];

function looked(text: string, look: number): Markup {
  let written = xml`${text}`;
  for (const [bit, name] of ELEMENTS)
    if (look & bit) written = xml`<${new Markup(name)}>${written}</${new Markup(name)}>`;
  return written;
}

function revised(text: Markup, how: 'insert' | 'delete' | null): Markup {
  if (how === 'insert') return xml`<ins>${text}</ins>`;
  return how === 'delete' ? xml`<del>${text}</del>` : text;
}

function linked(written: Markup, text: string, link: Link | null): Markup {
  if (!link) return written;
  if (link.kind === 'inside') return xml`<a href="#${link.anchor}">${written}</a>`;
  const told = text.trim() === link.address ? null : xml` <span class="address">(${link.address})</span>`;
  if (link.kind === 'other') return xml`${written}${told}`;
  return xml`<a class="web" href="${link.address}" target="_blank" rel="noopener noreferrer nofollow external">${written}</a>${told}`;
}

function picture({ type, bytes, width, height, alternative }: Picture): Markup {
  const data = new Markup(`data:image/${type};base64,${bytes.toString('base64')}`);
  return xml`<img src="${data}" width="${width}" height="${height}" alt="${alternative}">`;
}
