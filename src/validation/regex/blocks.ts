/** Categories of Unicode that regular expressions may name. */
export const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;

/** The blocks of Unicode by the names of XML Schema, without spaces, as ranges in hexadecimal. */
const BLOCKS: Readonly<Record<string, string>> = {
  BasicLatin: '0000-007F',
  'Latin-1Supplement': '0080-00FF',
  'LatinExtended-A': '0100-017F',
  'LatinExtended-B': '0180-024F',
  IPAExtensions: '0250-02AF',
  SpacingModifierLetters: '02B0-02FF',
  CombiningDiacriticalMarks: '0300-036F',
  Greek: '0370-03FF',
  GreekandCoptic: '0370-03FF',
  Cyrillic: '0400-04FF',
  Armenian: '0530-058F',
  Hebrew: '0590-05FF',
  Arabic: '0600-06FF',
  Devanagari: '0900-097F',
  Thai: '0E00-0E7F',
  Georgian: '10A0-10FF',
  LatinExtendedAdditional: '1E00-1EFF',
  GreekExtended: '1F00-1FFF',
  GeneralPunctuation: '2000-206F',
  SuperscriptsandSubscripts: '2070-209F',
  CurrencySymbols: '20A0-20CF',
  LetterlikeSymbols: '2100-214F',
  NumberForms: '2150-218F',
  Arrows: '2190-21FF',
  MathematicalOperators: '2200-22FF',
  MiscellaneousTechnical: '2300-23FF',
  BoxDrawing: '2500-257F',
  BlockElements: '2580-259F',
  GeometricShapes: '25A0-25FF',
  MiscellaneousSymbols: '2600-26FF',
  Dingbats: '2700-27BF',
  CJKSymbolsandPunctuation: '3000-303F',
  Hiragana: '3040-309F',
  Katakana: '30A0-30FF',
  CJKUnifiedIdeographs: '4E00-9FFF',
  HangulSyllables: 'AC00-D7AF',
  PrivateUse: 'E000-F8FF',
  AlphabeticPresentationForms: 'FB00-FB4F',
  HalfwidthandFullwidthForms: 'FF00-FFEF',
  Specials: 'FFF0-FFFF',
};

/** A block as a range inside the brackets of a class, or null when its name is not known. */
export function blockRange(name: string): string | null {
  const block = Object.hasOwn(BLOCKS, name) ? BLOCKS[name]! : null;
  return block?.replace(/[0-9A-F]{4}/g, (code) => `\\u${code}`) ?? null;
}
