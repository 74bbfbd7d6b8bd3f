/**
 * A name as two systems can compare it: without accents, in capitals, ligatures apart, one kind of apostrophe, blanks
 * folded; hyphens stay. For comparison only: a trait is never repaired in what is sent.
 */
export function comparableName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll('Æ', 'AE')
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Whether a first given name begins a list of given names, at the boundary of a name: a given name of two words is one
 * name, and the list alone cannot tell.
 */
export function beginsList(first: string, list: string): boolean {
  return `${comparableName(list)} `.startsWith(`${comparableName(first)} `);
}
