import { TEXT, type XmlElement } from '../../src/xml/tree.ts';
import { escapeXml } from '../../src/xml/writer.ts';
import type { Edit, Splice } from './edit.ts';
import { ATTRIBUTES, TYPES, VALUES } from './mutant-values.ts';

/** A way to change a document at an element, as splices; null when it does not apply. */
export type Change = (edit: Edit) => Splice[] | null;

/** Changes that matter to an XML Schema. */
export const schemaChanges: Readonly<Record<string, Change>> = {
  'value changed': (edit) =>
    edit.replaceAttribute(({ value }) => edit.draw([...VALUES, ` ${value}`, `${value} `])),
  'attribute removed': (edit) => edit.replaceAttribute(() => null),
  'type changed': (edit) => edit.setAttribute('xsi:type', edit.draw(TYPES)),
  'attribute set': (edit) => edit.setAttribute(edit.draw(ATTRIBUTES), edit.draw(VALUES)),
  'text changed': ({ element, draw }) => {
    const text = element.children.find((node) => node.kind === TEXT);
    return text ? [[text.start, text.end, escapeXml(draw(VALUES))]] : null;
  },
  'text put in': (edit) => {
    const at = edit.tagEnd(edit.element);
    return edit.isEmpty(edit.element)
      ? null
      : [[at, at, edit.draw(['a', ' ', '<![CDATA[]]>', '<![CDATA[ ]]>', '<?p i?>'])]];
  },
  'element removed': (edit) => [[edit.element.start, edit.end(edit.element), '']],
  'element doubled': (edit) => [[edit.element.start, edit.element.start, edit.text(edit.element)]],
  'elements exchanged': (edit) => {
    const siblings = edit.siblings();
    const next = siblings[siblings.indexOf(edit.element) + 1];
    if (!next) return null;
    const splice = (at: XmlElement, by: XmlElement): Splice => [at.start, edit.end(at), edit.text(by)];
    return [splice(edit.element, next), splice(next, edit.element)];
  },
  'element put in': (edit) => {
    const at = edit.element.start;
    return [[at, at, edit.text(edit.draw(edit.siblings().concat(edit.element)))]];
  },
  'child put in': (edit) => {
    const at = edit.tagEnd(edit.element);
    const child = edit.draw(['<reference/>', '<x/>', '<id/>', '<p:x xmlns:p="urn:p"/>', '<content ID="a"/>']);
    return edit.isEmpty(edit.element) ? null : [[at, at, child]];
  },
  'element renamed': (edit) => {
    const { element } = edit;
    const to = edit.draw(['x', 'id', 'text', ...edit.siblings().map(({ name }) => name.local)]);
    const end = edit.end(element);
    const name: Splice = [element.start + 1, edit.nameEnd(element), to];
    return edit.isEmpty(element) ? [name] : [name, [edit.endTag(element) + 2, end - 1, to]];
  },
};
