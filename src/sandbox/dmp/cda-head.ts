const ROOT = /^(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--[^>]*-->)*<((?:[\w.-]+:)?)ClinicalDocument[\s>]/;
const ROOT_WITHIN_BYTES = 4096;
const END_WITHIN_BYTES = 64;

/**
 * A CDA document without its body: the bytes before the first `component`, and the end tag of the root. Null when the
 * document is not of the plain sort for which cutting is safe (another root, UTF-16, truncated): then all of it is read.
 */
export function headOf(bytes: Buffer): Buffer | null {
  const prefix = ROOT.exec(bytes.toString('latin1', 0, ROOT_WITHIN_BYTES))?.[1];
  if (prefix === undefined) return null;
  const end = `</${prefix}ClinicalDocument>`;
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - END_WITHIN_BYTES - end.length));
  const body = startOf(bytes, `<${prefix}component`);
  if (body < 0 || !tail.trimEnd().endsWith(end)) return null;
  return Buffer.concat([bytes.subarray(0, body), Buffer.from(end)]);
}

/** Offset of the first start tag of a name, and not of a longer one such as componentOf; -1 when there is none. */
function startOf(bytes: Buffer, tag: string): number {
  let at = bytes.indexOf(tag);
  while (at >= 0 && !/[\s/>]/.test(String.fromCharCode(bytes[at + tag.length] ?? 0))) {
    at = bytes.indexOf(tag, at + 1);
  }
  return at;
}
