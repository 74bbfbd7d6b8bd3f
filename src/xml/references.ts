const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const REFERENCE = /&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|([^\s;&<]*))(;?)/g;

/** A reference that cannot be resolved, and why. */
export interface BadReference {
  reference: string;
  why: 'ampersand' | 'reference' | 'entity';
}

/** Resolves character references and the five predefined entities (XML 1.0, section 4.1 and 4.6). */
export function expand(text: string): string | BadReference {
  let bad: BadReference | null = null;
  const expanded = text.replace(
    REFERENCE,
    (reference, decimal?: string, hexadecimal?: string, entity?: string, end?: string) => {
      const value = end === ';' ? resolve(decimal, hexadecimal, entity) : undefined;
      if (value === undefined) bad ??= { reference, why: fault(end === ';', entity) };
      return value ?? '';
    },
  );
  return bad ?? expanded;
}

function resolve(decimal?: string, hexadecimal?: string, entity?: string): string | undefined {
  if (entity !== undefined) return Object.hasOwn(PREDEFINED, entity) ? PREDEFINED[entity] : undefined;
  const code = decimal === undefined ? Number.parseInt(hexadecimal!, 16) : Number.parseInt(decimal, 10);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** XML 1.0, production 2: Char. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

function fault(closed: boolean, entity?: string): BadReference['why'] {
  if (!closed) return 'ampersand';
  return entity === undefined ? 'reference' : 'entity';
}
