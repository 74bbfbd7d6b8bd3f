import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { isViaducError } from '../../../words/errors.ts';
import { parseXml } from '../../../xml/parse.ts';
import { attribute, child, descendants, foldedText, isElement } from '../../../xml/select.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { whiteListError } from './errors.ts';

const NS = 'https://listeblanche.mssante.fr/schema';

/** One publication of the white list. */
export interface PublishedList {
  /** Of its bytes, hexadecimal. */
  sha256: string;
  /** When it was made, as it says; null when it does not say it in a known form. */
  generated: { text: string; ms: number } | null;
  /** In lower-case A-labels. */
  domains: ReadonlySet<string>;
  /** Names that are no domain, and serve nobody. */
  unreadable: number;
}

/**
 * Reads the bytes of a publication. Refuses a DTD and everything that is no list.
 * @throws ViaducError `mssante.white-list-malformed`, `mssante.white-list-empty`
 */
export function readList(bytes: Uint8Array): PublishedList {
  const root = rootOf(bytes);
  if (root.name.ns !== NS) throw malformed(`the root is in the namespace "${root.name.ns.slice(0, 80)}"`);
  const domains = new Set<string>();
  let unreadable = 0;
  for (const element of descendants(root)) {
    if (!isElement(element, 'Domaine', NS)) continue;
    const domain = domainKey(foldedText(child(element, 'Nom', NS)) ?? '');
    if (domain === null) unreadable += 1;
    else domains.add(domain);
  }
  if (domains.size === 0) throw whiteListError('mssante.white-list-empty');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, generated: generatedOf(root), domains, unreadable };
}

function rootOf(bytes: Uint8Array): XmlElement {
  try {
    return parseXml(bytes).root;
  } catch (error) {
    if (isViaducError(error))
      throw whiteListError('mssante.white-list-malformed', { reason: error.words }, error);
    throw error;
  }
}

const NO_NAME = /[\s/\\@:?#%[\]]/;

/** A domain in the form in which domains are compared: lower-case A-labels, whole; null when it is none. */
export function domainKey(domain: string): string | null {
  const name = domain.trim().replace(/\.$/, '');
  return (!NO_NAME.test(name) && domainToASCII(name)) || null;
}

function generatedOf(root: XmlElement): PublishedList['generated'] {
  const element = [...descendants(root)].find((one) => isElement(one, 'DateDeGeneration', NS)) ?? null;
  const text = foldedText(element) ?? attribute(root, 'DateDeGeneration');
  const ms = text === null ? Number.NaN : instantOf(text);
  return text === null || Number.isNaN(ms) ? null : { text: text.slice(0, 40), ms };
}

const FRENCH = /^(\d{2})\/(\d{2})\/(\d{4})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/;

/** The form of the date is not published: ISO 8601, or day/month/year with or without a time. Without offset, as UTC. */
function instantOf(text: string): number {
  const french = FRENCH.exec(text);
  const iso = french ? `${french[3]}-${french[2]}-${french[1]}T${french[4] ?? '00:00'}` : text;
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso)) return Number.NaN;
  const dated = iso.replace(' ', 'T');
  return Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(dated) || !dated.includes('T') ? dated : `${dated}Z`);
}

function malformed(reason: string) {
  return whiteListError('mssante.white-list-malformed', { reason });
}
