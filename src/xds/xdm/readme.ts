import { ascii } from './ascii.ts';
import { documentName, INDEX, METADATA, README, SUBSET } from './names.ts';

/** The institution that makes an archive, as it wants to be called upon. */
export interface Issuer {
  /** Unit or service, when it is not the institution itself. */
  name: string | null;
  organization: string;
  address: string | null;
  phone: string | null;
}

/** The homologated product under whose name archives leave. */
export interface ArchiveProduct {
  name: string;
  version: string;
  /** Who makes it, and how to reach them. */
  vendor: string | null;
  /** Number of homologation of the CNDA. */
  homologation: string | null;
  /** Reference of the product on the platform Convergence: X-MSS-NIL. */
  nil: string | null;
}

/**
 * README.TXT (IHE ITI TF-2, section 3.32.4.1.2): who made the archive and with what, how it is laid out; nothing about its
 * content. US-ASCII with CRLF, as any editor shows it.
 */
export function readme(issuer: Issuer, product: ArchiveProduct): Buffer {
  const lines = [
    ...heading('Emetteur', [
      ['Nom', issuer.name ?? issuer.organization],
      ['Organisme', issuer.organization],
      ['Adresse', issuer.address],
      ['Telephone', issuer.phone],
    ]),
    ...heading("Application de l'emetteur", [
      ['Nom', product.name],
      ['Version', product.version],
      ['Editeur', product.vendor],
      ['Homologation', product.homologation],
      ['NIL', product.nil],
    ]),
    ...INSTRUCTIONS,
    ...TREE,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
}

function heading(title: string, rows: [string, string | null][]): string[] {
  const given = rows.filter((row): row is [string, string] => row[1] !== null);
  return [title, ...given.map(([name, value]) => `  ${name} : ${ascii(value)}`), ''];
}

const INSTRUCTIONS = [
  'Instructions',
  '  Cette archive suit le profil IHE XDM. Ouvrez-la avec votre logiciel de sante, qui en integre',
  '  les documents au dossier du patient. Sans un tel logiciel, lisez les fichiers PDF joints au message.',
  '',
];

const TREE = [
  'Arborescence',
  `  ${INDEX}`,
  `  ${README}`,
  `  ${SUBSET}/`,
  `    ${METADATA} : metadonnees des documents`,
  `    ${documentName(0)} : premier document (CDA R2), puis ${documentName(1)}, et ainsi de suite`,
];
