import { attribute, child, children, descend, elementsOf, foldedText, textOf } from '../../../xml/select.ts';
import { ELEMENT, TEXT, type XmlElement } from '../../../xml/tree.ts';
import { type Markup, xml } from '../../../xml/writer.ts';

/** What the narrative of a CDA becomes in HTML; an element that is not here is read through. */
const ELEMENTS: Readonly<Record<string, (inner: Markup[], element: XmlElement) => Markup>> = {
  paragraph: (inner) => xml`<p>${inner}</p>`,
  list: (inner, element) =>
    attribute(element, 'listType') === 'ordered' ? xml`<ol>${inner}</ol>` : xml`<ul>${inner}</ul>`,
  item: (inner) => xml`<li>${inner}</li>`,
  caption: (inner, element) =>
    element.parent.kind === ELEMENT && element.parent.name.local === 'table'
      ? xml`<caption>${inner}</caption>`
      : xml`<strong>${inner}</strong> `,
  table: (inner) => xml`<table>${inner}</table>`,
  thead: (inner) => xml`<thead>${inner}</thead>`,
  tbody: (inner) => xml`<tbody>${inner}</tbody>`,
  tfoot: (inner) => xml`<tfoot>${inner}</tfoot>`,
  tr: (inner) => xml`<tr>${inner}</tr>`,
  th: (inner, element) => xml`<th${spans(element)}>${inner}</th>`,
  td: (inner, element) => xml`<td${spans(element)}>${inner}</td>`,
  br: () => xml`<br>`,
  sub: (inner) => xml`<sub>${inner}</sub>`,
  sup: (inner) => xml`<sup>${inner}</sup>`,
  content: (inner, element) =>
    /\bBold\b/.test(attribute(element, 'styleCode') ?? '')
      ? xml`<strong>${inner}</strong>`
      : xml`<span>${inner}</span>`,
};

/** White space alone between these is no text to a reader. */
const HOLDERS = ['table', 'thead', 'tbody', 'tfoot', 'tr', 'list'];

function spans(element: XmlElement): Markup[] {
  return ['colspan', 'rowspan'].flatMap((name) => {
    const value = attribute(element, name) ?? '';
    return /^[1-9]\d?$/.test(value) ? [xml` ${name}="${value}"`] : [];
  });
}

function render(element: XmlElement): Markup {
  const bare = HOLDERS.includes(element.name.local);
  const inner = element.children.flatMap((node) => {
    if (node.kind === TEXT) return bare && node.value.trim() === '' ? [] : [xml`${node.value}`];
    return node.kind === ELEMENT ? [render(node)] : [];
  });
  return ELEMENTS[element.name.local]?.(inner, element) ?? xml`${inner}`;
}

/** The body of a structured CDA as a person reads it: titles and narrative of every section, nested as they are. */
export function narrativeOf(root: XmlElement): Markup {
  const body = descend(root, 'component', 'structuredBody');
  return xml`${sectionsIn(body, 2)}`;
}

const DEEPEST_HEADING = 6;

function sectionsIn(parent: XmlElement | null, level: number): Markup[] {
  return children(parent, 'component').flatMap((component) => {
    const section = child(component, 'section');
    if (!section) return [];
    const title = foldedText(child(section, 'title'));
    const text = child(section, 'text');
    const heading = title && xml`<h${level}>${title}</h${level}>`;
    const inner = sectionsIn(section, Math.min(level + 1, DEEPEST_HEADING));
    return [
      xml`<section>${heading}${text && xml`<div class="texte">${render(text)}</div>`}${inner}</section>`,
    ];
  });
}

/** A file inside a CDA of level 1. */
export interface EnclosedFile {
  mediaType: string;
  bytes: Buffer;
}

/** The file that a CDA of level 1 encloses, or null; plain text is a file too. */
export function enclosedFile(root: XmlElement): EnclosedFile | null {
  const text = descend(root, 'component', 'nonXMLBody', 'text');
  if (!text || elementsOf(text).length > 0) return null;
  const coded = attribute(text, 'representation') === 'B64';
  const mediaType = attribute(text, 'mediaType') ?? 'text/plain';
  return { mediaType, bytes: Buffer.from(textOf(text), coded ? 'base64' : 'utf8') };
}
