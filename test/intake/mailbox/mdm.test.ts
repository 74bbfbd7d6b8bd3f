import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../../src/cda/facts.ts';
import { Hl7Message } from '../../../src/hl7v2/message.ts';
import { type MdmInput, mdmMessage } from '../../../src/intake/mailbox/mdm.ts';
import type { Operation } from '../../../src/words/request.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { shared } from '../../gateway/running.ts';
import { documentEntry } from '../../ledger/making.ts';
import { sample } from '../../xds/xdm/archives.ts';

const python = ['/usr/bin/python3', 'python3'].find(
  (one) => spawnSync(one, ['-c', 'import hl7']).status === 0,
);
if (!python) console.log('skipped: python3-hl7 is not installed');
if (!shared) console.log('skipped: the official HL7 v2 examples are not there (VIADUC_SHARED)');

function input(document: Buffer, operation: Operation, change: Partial<MdmInput> = {}): MdmInput {
  const visibility = {
    ...{ maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false },
    change: false,
  };
  return {
    integration: {
      ...{ controlId: 'V1', mail: 'm' },
      content: { operation, replaces: null, visibility, document: documentEntry(), codes: [] },
    },
    facts: readFacts(parseXml(document), document).facts!,
    document,
    mail: {
      ...{ from: ['labo@medecin.mssante.fr'], messageId: '<7b1@medecin.mssante.fr>' },
      ...{ subject: 'XDM/1.0/DDM+CR', text: 'Bonjour' },
    },
    receivedAt: '2026-07-01T08:00:00.000Z',
    mailbox: {
      address: 'dpi@hopital.mssante.fr',
      unit: { id: '3435', name: "Service d'urologie", structure: '120456789' },
    },
    address: {
      ...{ application: 'PFI-Y', facility: 'Organisation-Y', charset: 'utf-8', processingId: 'P' },
      ...{ receivingApplication: 'RIS-Y', receivingFacility: 'Organisation-Y' },
    },
    ...change,
  };
}

const letter = sample('discharge-letter.xml');

test('the message has the segments of the volet in its order, and nothing that is not listed', () => {
  const lines = mdmMessage(input(letter.bytes, 'deposit')).toString().split('\r');
  expect(
    lines.map((line) =>
      line
        .split('|', 2)
        .join('|')
        .replace(/\|(?![1-6]$).*/, ''),
    ),
  ).toEqual([
    ...['MSH', 'EVN', 'PID', 'PV1|1', 'ORC', 'OBR|1', 'TXA|1', 'OBX|1', 'PRT', 'PRT', 'OBX|2'],
    ...['OBX|3', 'OBX|4', 'OBX|5', 'OBX|6', ''],
  ]);
  expect(lines[3]).toBe('PV1|1|N');
  expect(lines[2]).toMatch(
    /^PID\|\|\|236066322083656\^\^\^ASIP-SANTE-INS-NIR&1\.2\.250\.1\.213\.1\.4\.10&ISO\^INS~900000142\^/,
  );
  expect(lines[2]).toMatch(/\|VALI$/);
});

test('delimiters in a subject, and characters that a charset lacks, come through', () => {
  const subject = 'XDM/1.0/DDM+Résumé | A^B ~ C & D \\ E';
  const mail = { from: ['a@b.fr'], messageId: null, subject, text: null };
  const message = Hl7Message.parse(mdmMessage(input(letter.bytes, 'deposit', { mail })));
  const obx = message.all('OBX')[1]!;
  expect([obx.text(3, 1), obx.text(3, 2)]).toEqual(['m', subject]);
  expect(Buffer.from(obx.text(5, 5), 'base64').toString()).toBe('Le courriel ne porte pas de texte.');
});

test.skipIf(!python)('a parser that is not ours (python3-hl7) reads it as we mean it', () => {
  const script =
    'import sys,json,hl7;m=hl7.parse(sys.stdin.buffer.read().decode());' +
    'print(json.dumps([str(m["MSH.F9.R1.C2"]),str(m["PID.F3.R1.C1"]),str(m["OBX1.F5.R1.C5"]),str(m["PRT2.F15.R1.C4"]),str(m["PRT2.F8.R1.C1"])]))';
  const bytes = mdmMessage(input(letter.bytes, 'replace'));
  const seen = JSON.parse(execFileSync(python!, ['-c', script], { input: bytes }).toString());
  expect(seen).toEqual([
    'T10',
    '236066322083656',
    letter.bytes.toString('base64'),
    'dpi@hopital.mssante.fr',
    "Service d'urologie",
  ]);
});

/** What the examples have that the volet does not list, or write in another way: the value is ours. */
const OTHERWISE: readonly RegExp[] = [
  // Instants to the minute, without zone; their own identifiers.
  ...[/^MSH-(?:6|7|10)$/, /^EVN-/],
  // Dates of an INS, which INSi does not give; a home address and a file number, which are not listed.
  ...[/^PID-3\.(?:7|8)$/, /^PID-(?:11|18|31)/, /^PV1-/],
  // The name of an organisation in the identifier; a date and an author, which are not listed.
  ...[/^TXA-(?:12|13)\.2$/, /^TXA-(?:4|22)/],
  // Who sends and receives is of the mail, not of the document; a medium that the French types want.
  ...[/^PRT-/],
  // Content of the mail; flags of the metadata, which the example does not show.
  ...[/^OBX-3\.(?:1|2)$/, /^OBX-5/],
];

function fields(message: Hl7Message): Map<string, string> {
  const found = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const segment of message.segments) {
    const nth = (seen.get(segment.name) ?? 0) + 1;
    seen.set(segment.name, nth);
    for (let field = segment.name === 'MSH' ? 3 : 1; field <= 40; field += 1)
      for (let component = 1; component <= 13; component += 1) {
        const value = segment.text(field, component);
        if (value !== '') found.set(`${segment.name}[${nth}]-${field}.${component}`, value);
      }
  }
  return found;
}

describe.skipIf(!shared)('an official message of the reverse direction', () => {
  const folder = join(shared ?? '', 'ans', 'hl7V2-exemples', 'Vague 2');
  const files = shared ? globSync('**/*FROM_MSSANTE*/**/message_*.er7', { cwd: folder }) : [];
  const whole = files.filter((file) => /RPLC|DEL|Base64/.test(file));
  const listed = (place: string) => {
    const name = place.replace(/\[\d+\]/, '');
    return (
      /^OBX\[1\]/.test(place) ||
      !OTHERWISE.some((one) => one.test(name) || one.test(name.replace(/\.1$/, '')))
    );
  };

  test('is there three times with a document', () => expect(whole).toHaveLength(3));

  test.each(whole)('%s says what ours says of the same document', (file) => {
    const operation: Operation = /RPLC/.test(file) ? 'replace' : /DEL/.test(file) ? 'delete' : 'deposit';
    const message = Hl7Message.parse(readFileSync(join(folder, file)));
    const document = Buffer.from(message.all('OBX')[0]!.text(5, 5), 'base64');
    const [theirs, ours] = [message, Hl7Message.parse(mdmMessage(input(document, operation)))].map(fields);
    const carried = Buffer.from(ours!.get('OBX[1]-5.5')!, 'base64');
    expect(carried.equals(document)).toBe(true);
    // Their Base64 lacks its padding; their deletion names what the deleted version had replaced.
    for (const place of ['OBX[1]-5.5', ...(operation === 'delete' ? ['TXA[1]-13.1'] : [])]) {
      theirs!.delete(place);
      ours!.delete(place);
    }
    const differing = [...theirs!].filter(([place, value]) => listed(place) && ours!.get(place) !== value);
    expect(differing.map(([place, value]) => [place, value, ours!.get(place)])).toEqual([]);
    const more = [...ours!.keys()].filter((place) => listed(place) && !theirs!.has(place));
    expect(more).toEqual([]);
  });
});
