import { describe, expect, test } from 'vitest';
import { fill } from '../../src/words/errors.ts';
import { XmlError } from '../../src/xml/errors.ts';
import { parseXml } from '../../src/xml/parse.ts';

/** The two sentences about bytes that are no document. */
function said(text: string): { fr: string; en: string } {
  try {
    parseXml(Buffer.from(text));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { message } = error.entry;
    return { fr: fill(message.fr, error.values, 'fr'), en: fill(message.en, error.values) };
  }
  throw new Error('the document was taken');
}

const LONG = 'n'.repeat(10_000);

describe('what is wrong with a document is said in French and in English', () => {
  test.each([
    [
      '<a/>text',
      "il y a quelque chose après la fin de l'élément racine",
      'content after the end of the root',
    ],
    ['<?xml version="2"?><a/>', 'la déclaration XML est mal formée', 'malformed XML declaration'],
    ['<?xml version="1.0"', 'la déclaration XML ne se termine pas', 'XML declaration without end'],
    ['<a><![X</a>', 'ce balisage est inconnu', 'unknown markup'],
    ['   ', 'aucun élément racine', 'no root element'],
    ['text', "il y a du texte hors de l'élément racine", 'text outside the root element'],
    ['<a>]]></a>', '« ]]> » dans du texte', "']]>' in text"],
    ['<a><b>', "le document s'arrête à l'intérieur de <b>", 'the document ends inside <b>'],
    ['<a>\u0001</a>', "le caractère U+0001 n'est pas permis", 'character U+0001 is not allowed'],
    ['<a><!-- -- --></a>', '« -- » dans un commentaire', "'--' inside a comment"],
    ['<a><!-- </a>', 'un commentaire ne se termine pas', 'comment without end'],
    ['<a><? b?></a>', "une instruction de traitement n'a pas de cible valide", 'without a valid target'],
    ['<a><?b </a>', 'une instruction de traitement ne se termine pas', 'processing instruction without end'],
    ['<a><?xml b?></a>', 'ne peut se trouver que tout au début', 'may only stand at the very beginning'],
    ['<a><![CDATA[</a>', 'une section CDATA ne se termine pas', 'CDATA section without end'],
    ['<a/b="1">', '« / » dans une balise ouvrante', "'/' in a start tag"],
    ['<a ', "le document s'arrête à l'intérieur d'une balise", 'the document ends inside a tag'],
    ['<a b="1"c="2"/>', 'une espace manque devant un attribut', 'white space is missing before'],
    ['<a b/>', "l'attribut b n'a pas de valeur", 'attribute b has no value'],
    ['<a b=1/>', 'doit être entre guillemets ou apostrophes', 'must be quoted'],
    ['<a b="1', "la valeur d'un attribut ne se termine pas", 'attribute value without end'],
    ['<a b="<"/>', "« < » dans la valeur d'un attribut", "'<' in an attribute value"],
    [
      '<a xmlns:p="u" xmlns:p="v"/>',
      "le préfixe d'espace de noms p est déclaré deux fois",
      'prefix p declared',
    ],
    ['<a xmlns="u" xmlns="v"/>', "l'espace de noms par défaut est déclaré deux fois", 'default namespace'],
    ['<a xmlns:xmlns="u"/>', 'un espace de noms ou un préfixe réservé est déclaré', 'reserved namespace'],
    ['<a xmlns:p=""/>', "le préfixe p n'est lié à aucun espace de noms", 'prefix p is bound to no namespace'],
    ['<a><1/></a>', 'un nom est mal formé', 'malformed name'],
    ['<a b="1" b="2"/>', "l'attribut b figure deux fois", 'attribute b stands twice'],
    ['<a></b>', '</b> ferme <a>', '</b> closes <a>'],
    ['<a></a b>', 'une balise fermante ne se termine pas', 'end tag without end'],
    ['<a>< b/></a>', 'un nom manque', 'a name is missing'],
    ['<p:a/>', "le préfixe de p:a n'est pas déclaré", 'the prefix of p:a is not declared'],
    ['<a>&</a>', '« & » ne commence aucune référence', "'&' that begins no reference"],
    ['<a>&#0;</a>', '&#0; ne désigne pas un caractère permis', '&#0; is no allowed character'],
    ['<a>&nbsp;</a>', "l'entité &nbsp; n'est pas déclarée", 'entity &nbsp; is not declared'],
  ])('%s', (document, fr, en) => {
    const found = said(document);
    expect(found.fr).toContain(fr);
    expect(found.en).toContain(en);
    expect(`${found.fr}${found.en}`).not.toMatch(/\{\w+\}/);
  });

  test.each([[`<a ${LONG}/>`], [`<a></${LONG}>`], [`<${LONG}>`], [`<a>&${LONG};</a>`]])(
    'a name as long as a document is not quoted whole',
    (document) => {
      expect(said(document).fr.length).toBeLessThan(250);
    },
  );
});
