import { descendants } from '../../src/xml/select.ts';
import { documentOf, TEXT, type XmlAttribute } from '../../src/xml/tree.ts';
import { escapeXml } from '../../src/xml/writer.ts';
import type { Change } from './changes.ts';
import type { Edit } from './edit.ts';
import { BY_ATTRIBUTE } from './mutant-values.ts';

/** Changes that matter to Schematrons: values that rules compare, look up, cast or measure, and the shape around them. */
export const ruleChanges: Readonly<Record<string, Change>> = {
  'value of its kind': (edit) =>
    edit.replaceAttribute((one) => edit.draw(BY_ATTRIBUTE[written(one)] ?? BY_ATTRIBUTE.code!)),
  'value from elsewhere': (edit) =>
    edit.replaceAttribute((one) => edit.draw(valuesOf(edit, one)) ?? one.value),
  'value in other case': (edit) =>
    edit.replaceAttribute(({ value }) =>
      value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase(),
    ),
  'white space in a value': (edit) =>
    edit.replaceAttribute(({ value }) =>
      edit.draw([` ${value}`, `${value} `, `${value}\u00a0`, `${value}\t`]),
    ),
  'value shortened': (edit) => edit.replaceAttribute(({ value }) => value.slice(0, -1)),
  'value lengthened': (edit) =>
    edit.replaceAttribute(({ value }) => value + edit.draw(['.9', '0', 'x', '\u{1f600}', 'é'])),
  'attribute of a rule removed': (edit) => edit.replaceAttribute(() => null),
  'attribute of a rule set': (edit) => {
    const name = edit.draw(Object.keys(BY_ATTRIBUTE));
    return edit.setAttribute(name, edit.draw(BY_ATTRIBUTE[name]!));
  },
  'null flavor put in': (edit) => edit.setAttribute('nullFlavor', edit.draw(BY_ATTRIBUTE.nullFlavor!)),
  'only a null flavor left': (edit) => {
    const { element } = edit;
    return [
      [edit.nameEnd(element), edit.tagEnd(element), ` nullFlavor="${edit.draw(BY_ATTRIBUTE.nullFlavor!)}"/>`],
    ];
  },
  'namespace changed': (edit) => edit.setAttribute('xmlns', edit.draw(['urn:other', 'urn:hl7-org:sdtc'])),
  'text of a rule changed': ({ element, draw }) => {
    const text = element.children.find((node) => node.kind === TEXT);
    return text ? [[text.start, text.end, escapeXml(draw(['', ' ', '\u00a0', 'x', '12', '\n  x\n']))]] : null;
  },
  'text split': ({ element, draw }) => {
    const text = element.children.find((node) => node.kind === TEXT);
    if (!text || !/^[ -~]*$/.test(text.value)) return null;
    const at = text.start + Math.floor((text.end - text.start) / 2);
    return [[at, at, draw(['<!-- c -->', '<?p i?>', '<![CDATA[ ]]>'])]];
  },
  emptied: (edit) => {
    const { element } = edit;
    return edit.isEmpty(element) ? null : [[edit.tagEnd(element), edit.endTag(element), '']];
  },
  'element and the next removed': (edit) => {
    const siblings = edit.siblings();
    const next = siblings[siblings.indexOf(edit.element) + 1];
    return next ? [[edit.element.start, edit.end(next), '']] : null;
  },
  'moved to the end': (edit) => {
    const last = edit.siblings().at(-1);
    if (!last || last === edit.element) return null;
    const { start } = edit.element;
    const to = edit.end(last);
    return [
      [start, edit.end(edit.element), ''],
      [to, to, edit.text(edit.element)],
    ];
  },
  'doubled at the end': (edit) => {
    const last = edit.siblings().at(-1);
    if (!last) return null;
    const to = edit.end(last);
    return [[to, to, edit.text(edit.element)]];
  },
};

function written({ prefix, name }: XmlAttribute): string {
  return prefix === '' ? name.local : `${prefix}:${name.local}`;
}

/** What attributes of the same name say elsewhere in the document. */
function valuesOf({ element }: Edit, { name }: XmlAttribute): string[] {
  const values = new Set<string>();
  for (const other of descendants(documentOf(element)))
    for (const one of other.attributes) if (one.name === name) values.add(one.value);
  return [...values];
}
