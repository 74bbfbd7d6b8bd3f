import { findClinicalDocument } from '../../../src/cda/find.ts';
import { writeHtml } from '../../../src/cda/render/html.ts';
import type { Block, Presentation } from '../../../src/cda/render/model.ts';
import { present } from '../../../src/cda/render/presentation.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { children, descendants, isElement } from '../../../src/xml/select.ts';
import { TEXT, type XmlDocument } from '../../../src/xml/tree.ts';
import { cda, section } from '../sample.ts';

export function presented(bytes: Uint8Array): Presentation {
  const document = parseXml(bytes);
  return present(document, findClinicalDocument(document)!);
}

/** The presentation of a document whose only section has this narrative; `entries` stand beside it. */
export function narrative(text: string, entries = ''): Presentation {
  return presented(Buffer.from(cda(section(`<text>${text}</text>${entries}`))));
}

export function blocksOf(text: string, entries = ''): Block[] {
  return narrative(text, entries).sections[0]!.blocks;
}

export function htmlOf(text: string, entries = ''): string {
  return writeHtml(narrative(text, entries));
}

/** What a narrative says, text by text, white space folded: the measure of a rendering that leaves nothing out. */
export function saidIn(document: XmlDocument): string[] {
  const texts = document.elements
    .filter((one) => isElement(one, 'section'))
    .flatMap((one) => children(one, 'text'));
  return texts
    .flatMap((text) => [text, ...descendants(text)].flatMap((one) => one.children))
    .flatMap((node) => (node.kind === TEXT && !node.blank ? [folded(node.value)] : []))
    .filter((one) => one !== '');
}

export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** The text of a page that `writeHtml` wrote. */
export function textOfHtml(html: string): string {
  const body = html
    .slice(html.indexOf('<body>'))
    .replace(/<br>/g, ' ')
    .replace(/<[^>]*>/g, '');
  const read = body.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code ? String.fromCodePoint(Number(code)) : ENTITIES[name]!,
  );
  return folded(read);
}
