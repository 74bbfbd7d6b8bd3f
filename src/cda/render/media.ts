import { attribute, child, children, foldedText, isElement } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { bytesOfFile, describe } from '../enclosed.ts';
import { cdaLimits } from '../limits.ts';
import type { Block, Inline } from './model.ts';
import { objection, sizeOf } from './picture.ts';

/** The pictures and files that the entries of a document hold, by the ID under which its narrative names them. */
export class Media {
  readonly #document: XmlDocument;
  #byId: Map<string, XmlElement> | null = null;
  #left = cdaLimits.picturesBytes.value;

  constructor(document: XmlDocument) {
    this.#document = document;
  }

  /** What a `renderMultiMedia` shows: each object that `referencedObject` (IDREFS) names. */
  shown(names: string | null, caption: Inline[] | null): Block[] {
    const ids = (names ?? '').split(/\s+/).filter(Boolean);
    const blocks = ids.map((id, index): Block => this.#named(id, index === ids.length - 1 ? caption : null));
    return blocks.length > 0 ? blocks : [remark('média sans référence', null)];
  }

  /** A file that is the body of the document. */
  body(text: XmlElement): Block {
    return this.#file(text, 'corps du document', null);
  }

  #named(id: string, caption: Inline[] | null): Block {
    const found = this.#find(id);
    const value = child(found, 'value');
    if (!found || !value) return remark(`média introuvable dans le document : ${id}`, caption);
    return this.#file(value, foldedText(child(found, 'text')) ?? id, caption);
  }

  #file(data: XmlElement, name: string, caption: Inline[] | null): Block {
    const declared = attribute(data, 'mediaType') ?? 'type non déclaré';
    const outside = attribute(child(data, 'reference'), 'value');
    const bytes = bytesOfFile(this.#document, data);
    if (bytes.length === 0)
      return remark(outside ? `fichier hors du document : ${outside}` : `fichier vide : ${name}`, caption);
    const size = sizeOf(bytes);
    if (!size) return remark(fileWords(name, declared, bytes), caption);
    const why = objection(bytes, size) ?? (bytes.length > this.#left ? 'trop d’images' : null);
    if (why) return remark(`${why} : ${name}`, caption);
    this.#left -= bytes.length;
    return { kind: 'picture', picture: { ...size, bytes, alternative: name }, caption };
  }

  #find(id: string): XmlElement | null {
    this.#byId ??= this.#index();
    const found = this.#byId.get(id) ?? null;
    if (!found || !isElement(found, 'regionOfInterest')) return found;
    return (
      children(found, 'entryRelationship').flatMap((one) => child(one, 'observationMedia') ?? [])[0] ?? null
    );
  }

  #index(): Map<string, XmlElement> {
    const byId = new Map<string, XmlElement>();
    for (const element of this.#document.elements) {
      if (!isElement(element, 'observationMedia') && !isElement(element, 'regionOfInterest')) continue;
      const id = attribute(element, 'ID');
      if (id !== null && !byId.has(id)) byId.set(id, element);
    }
    return byId;
  }
}

function fileWords(name: string, declared: string, bytes: Buffer): string {
  const { form } = describe([bytes]);
  const kilobytes = Math.ceil(bytes.length / 1000);
  const type = form === 'pdf' ? 'application/pdf' : declared;
  return `fichier joint au document, non affiché ici : ${name} (${type}, ${kilobytes} ko)`;
}

function remark(text: string, caption: Inline[] | null): Block {
  const said = (caption ?? [])
    .map((one) => (one.kind === 'text' ? one.text : ' '))
    .join('')
    .trim();
  return { kind: 'remark', text: said === '' ? text : `${said} — ${text}` };
}
