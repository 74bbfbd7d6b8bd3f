import type { DocumentFacts } from '../../words/document.ts';
import { type Markup, xml } from '../../xml/writer.ts';
import { documentName, README, SUBSET } from './names.ts';
import type { Issuer } from './readme.ts';

const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.0//EN" "http://www.w3.org/TR/xhtml-basic/xhtml-basic10.dtd">';

/**
 * INDEX.HTM (IHE ITI TF-2, section 3.32.4.1.2): XHTML Basic, who sends, and a link to each document by its type and date.
 * No script, nothing to fetch, nothing that names the patient.
 */
export function indexPage(issuer: Issuer, documents: readonly DocumentFacts[]): Buffer {
  const page = xml`<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>Documents de santé</title>
</head>
<body>
<p>Emetteur : ${issuer.organization}${issuer.phone === null ? null : ` (${issuer.phone})`}</p>
<ul>
${documents.map(item)}</ul>
<p><a href="${README}">${README}</a></p>
</body>
</html>
`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${DOCTYPE}\n${page.text}`);
}

function item({ code, effectiveTime }: DocumentFacts, index: number): Markup {
  const type = code?.displayName ?? code?.code ?? 'Document';
  const day = /^(\d{4})(\d{2})(\d{2})/.exec(effectiveTime ?? '');
  const date = day ? ` du ${day[3]}/${day[2]}/${day[1]}` : '';
  return xml`<li><a href="${`${SUBSET}/${documentName(index)}`}">${type}${date}</a></li>
`;
}
