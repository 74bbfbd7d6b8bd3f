/** A language of answers; French where none is asked for. */
export type Language = 'fr' | 'en';

/** The language that an `Accept-Language` header asks for first. */
export function languageOf(header: string | undefined): Language {
  const first = header?.split(',')[0]?.trim().toLowerCase() ?? '';
  return first.startsWith('en') ? 'en' : 'fr';
}
