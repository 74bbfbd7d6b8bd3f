/** A name without case, accents, blanks and whatever else is neither letter nor digit. */
function folded(name: string): string {
  const bare = name.normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '');
  return bare.toUpperCase();
}

/**
 * Whether two names are those of one person, wherever a second person is asked for. In doubt they are: a second person of
 * nearly the same name takes another token name, where a first person could otherwise stand in for the second.
 */
export function sameName(one: string, other: string): boolean {
  return folded(one) === folded(other);
}
