/** A media type with its parameters: names in lower case, values without quotes. */
export interface MediaType {
  /** `type/subtype` in lower case. */
  type: string;
  parameters: ReadonlyMap<string, string>;
}

const TYPE = /^\s*([!#$%&'*+.^`|~\w-]+\/[!#$%&'*+.^`|~\w-]+)\s*/;
const PARAMETER = /\s*;\s*([!#$%&'*+.^`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))\s*/y;

/** Reads a Content-Type value (RFC 9110, section 8.3; RFC 2045, section 5.1), or gives null when it is not one. */
export function parseMediaType(text: string | undefined): MediaType | null {
  const head = TYPE.exec(text ?? '');
  if (!head) return null;
  const parameters = parametersOf(text!, head[0].length);
  return parameters && { type: head[1]!.toLowerCase(), parameters };
}

function parametersOf(text: string, from: number): Map<string, string> | null {
  const parameters = new Map<string, string>();
  let at = from;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const found = PARAMETER.exec(text);
    if (!found) return /^[\s;]*$/.test(text.slice(at)) ? parameters : null;
    const name = found[1]!.toLowerCase();
    if (parameters.has(name)) return null;
    parameters.set(name, found[2]?.replace(/\\(.)/g, '$1') ?? found[3]!);
    at = PARAMETER.lastIndex;
  }
  return parameters;
}
