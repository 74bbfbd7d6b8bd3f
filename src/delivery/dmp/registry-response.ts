import { attribute, child, children, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { dmpLimits } from './limits.ts';

const RS_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';
export const QUERY_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0';
export const RIM_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';

/** One RegistryError. `code` and `context` are cut at their limits; white space is folded. */
export interface RegistryError {
  code: string;
  /** Text for people; may name the patient. */
  context: string;
  severity: 'error' | 'warning';
  location: string | null;
}

export type RegistryStatus = 'Success' | 'Failure' | 'PartialSuccess';

/** The element that a transaction answers with: a deposit or an update by the first, a query by the second. */
export type ResponseName = 'RegistryResponse' | 'AdhocQueryResponse';

export interface RegistryResponse {
  /** Null: a URI that is none of the three, or lists in namespaces where nobody would read them. */
  status: RegistryStatus | null;
  /** As it stands there, cut at the limit of a code. */
  statusUri: string;
  errors: RegistryError[];
}

/**
 * Reads the status and the errors of the answer that a transaction has (ebRS 3.0, section 2.1; IHE ITI TF-3, section 4.2.4).
 * Null when it is another element, one of the same name in another namespace, or has no status.
 */
export function readRegistryResponse(element: XmlElement, expected: ResponseName): RegistryResponse | null {
  const { ns, local } = element.name;
  if (local !== expected || ns !== NAMESPACES[expected]) return null;
  const statusUri = attribute(element, 'status')?.trim();
  if (!statusUri) return null;
  const known = Object.hasOwn(STATUSES, statusUri) ? STATUSES[statusUri]! : null;
  const errors = children(child(element, 'RegistryErrorList', RS_NS), 'RegistryError', RS_NS)
    .map(readError)
    .toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  return {
    status: hidesSomething(element) ? null : known,
    statusUri: statusUri.slice(0, dmpLimits.code.value),
    errors: errors.slice(0, dmpLimits.errors.value),
  };
}

const NAMESPACES: Readonly<Record<ResponseName, string>> = {
  RegistryResponse: RS_NS,
  AdhocQueryResponse: QUERY_NS,
};

const STATUSES: Readonly<Record<string, RegistryStatus>> = {
  'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success': 'Success',
  'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure': 'Failure',
  'urn:ihe:iti:2007:ResponseStatusType:PartialSuccess': 'PartialSuccess',
};

const LISTS: Readonly<Record<string, string>> = {
  RegistryErrorList: RS_NS,
  RegistryError: RS_NS,
  RegistryObjectList: RIM_NS,
};

/** Whether errors or objects stand in a namespace that is not theirs: a success without them would be one by oversight. */
function hidesSomething(element: XmlElement): boolean {
  return elementsOf(element).some((list) => isForeign(list) || elementsOf(list).some(isForeign));
}

function isForeign({ name }: XmlElement): boolean {
  return Object.hasOwn(LISTS, name.local) && LISTS[name.local] !== name.ns;
}

function readError(element: XmlElement): RegistryError {
  const code = folded(attribute(element, 'errorCode'));
  const context = folded(attribute(element, 'codeContext'));
  const [trueCode, trueContext] = swapped(code, context) ? [context, code] : [code, context];
  return {
    code: trueCode.slice(0, dmpLimits.code.value),
    context: trueContext.slice(0, dmpLimits.detail.value),
    severity:
      lastPart(attribute(element, 'severity') ?? '').toLowerCase() === 'warning' ? 'warning' : 'error',
    location: attribute(element, 'location'),
  };
}

/** Codes are one word beginning as IHE's and the DMP's do; some servers put the sentence in their place. */
const CODE_SHAPE = /^(XDS|DMP|Partial|Unresolved|References|InvalidDocument)\w*$/;

function swapped(code: string, context: string): boolean {
  return !CODE_SHAPE.test(code) && CODE_SHAPE.test(context);
}

function lastPart(uri: string): string {
  return uri.slice(uri.lastIndexOf(':') + 1);
}

function folded(text: string | null): string {
  return text?.replace(/\s+/g, ' ').trim() ?? '';
}
