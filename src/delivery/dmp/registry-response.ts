import { attribute, child, children } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { dmpLimits } from './limits.ts';

export const RS_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';

/** One RegistryError. `code` and `context` are cut at their limits; white space is folded. */
export interface RegistryError {
  code: string;
  /** Text for people; may name the patient. */
  context: string;
  severity: 'error' | 'warning';
  location: string | null;
}

export interface RegistryResponse {
  /** Last part of the status URI: Success, Failure, PartialSuccess, or whatever stands there. */
  status: string;
  errors: RegistryError[];
}

/**
 * Reads the status and the errors of a RegistryResponse or of anything derived from it, such as AdhocQueryResponse
 * (ebRS 3.0, section 2.1; IHE ITI TF-3, section 4.2.4). Null when it is another element, or has no status.
 */
export function readRegistryResponse(element: XmlElement): RegistryResponse | null {
  if (!RESPONSES.has(element.name.local)) return null;
  const status = attribute(element, 'status')?.trim();
  if (!status) return null;
  const list = children(child(element, 'RegistryErrorList', RS_NS), 'RegistryError', RS_NS);
  return { status: lastPart(status), errors: list.slice(0, dmpLimits.errors.value).map(readError) };
}

const RESPONSES = new Set(['RegistryResponse', 'AdhocQueryResponse']);

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
