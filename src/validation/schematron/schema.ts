/** Where something stands: a file of the pack, and a line in it from 1. */
export interface Place {
  file: string;
  line: number;
}

export interface Let extends Place {
  name: string;
  /** An expression. */
  value: string;
}

/** A piece of a message: text, or an expression whose values are written with spaces between them. */
export type MessagePart = string | { select: string };

export interface Assertion extends Place {
  kind: 'assert' | 'report';
  id: string | null;
  test: string;
  message: readonly MessagePart[];
  role: string | null;
  flag: string | null;
  /** A path from the rule's context to the node to point at. */
  subject: string | null;
  see: string | null;
  /** File and line of the rule that holds it: an abstract one, or the rule itself. */
  origin: string;
  diagnostics: readonly (readonly MessagePart[])[];
}

export interface Rule extends Place {
  id: string | null;
  context: string;
  role: string | null;
  flag: string | null;
  /** Lets and assertions in the order in which they stand; those of abstract rules where they are extended. */
  lets: readonly Let[];
  assertions: readonly Assertion[];
}

export interface Pattern extends Place {
  id: string | null;
  lets: readonly Let[];
  rules: readonly Rule[];
}

/** Something in a Schematron that cannot be used: what it concerns and why. */
export interface Problem extends Place {
  what: string;
}

/** A Schematron with everything included, extended, instantiated, and reduced to its active phase. */
export interface Schema {
  path: string;
  title: string | null;
  prefixes: ReadonlyMap<string, string>;
  lets: readonly Let[];
  patterns: readonly Pattern[];
  problems: readonly Problem[];
  /** Every file it was read from. */
  files: readonly string[];
}
