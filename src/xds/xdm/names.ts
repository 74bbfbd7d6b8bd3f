/**
 * Names in an XDM archive (IHE ITI TF-2, section 3.32.4.1.2): ISO 9660 level 1, so upper case, eight characters and three.
 * One folder for each submission set; ours has one.
 */
export const INDEX = 'INDEX.HTM';
export const README = 'README.TXT';
export const ROOT = 'IHE_XDM';
export const SUBSET = `${ROOT}/SUBSET01`;
export const METADATA = 'METADATA.XML';

/** `DOC00001.XML` for index 0: the value of the slot URI, relative to the metadata. */
export function documentName(index: number): string {
  return `DOC${String(index + 1).padStart(5, '0')}.XML`;
}
