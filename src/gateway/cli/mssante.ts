import { readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { type Call, type Language, languageGiven, reasonGiven, runningCall } from './running-call.ts';

interface ListFacts {
  sha256: string;
  generated: string | null;
  domains: number;
}

interface Shown {
  inUse: ListFacts | null;
  waiting: (ListFacts & { lost: { count: number; domains: string[] } }) | null;
  problem: { code: string; message: string; remedy: string } | null;
  readAt: string | null;
}

interface Box {
  address: string;
  type: string | null;
  description: string | null;
}

/** Of an address its mailbox and holders, of a person their mailboxes and activities. */
interface Answer {
  standing: string;
  problem?: { code: string; message: string; remedy: string };
  mailbox?: Box;
  holders?: { name: string | null }[];
  name?: string | null;
  mailboxes?: Box[];
  activities?: { structure: { name: string | null } | null; mailboxes: Box[] }[];
}

const LABELS = {
  fr: {
    ...{ inUse: 'en service', waiting: 'en attente', none: 'aucune : rien ne part', domains: 'domaines' },
    ...{ lost: 'domaines perdus', read: 'source lue', undated: 'sans date' },
  },
  en: {
    ...{ inUse: 'in use', waiting: 'waiting', none: 'none: nothing leaves', domains: 'domains' },
    ...{ lost: 'domains lost', read: 'source read', undated: 'without a date' },
  },
} as const;

export const mssante: Command = {
  summary: 'MSSanté: which domains may be written to, take a list that waits; who holds an address',
  usage: `mssante white-list [--lang fr|en]
       viaduc mssante white-list accept SHA256 --reason TEXT
       viaduc mssante directory RPPS|ADDRESS

Shows the list in use, the one that waits because it lost too many domains, and why the last was not taken. Accept takes the list
that waits, by the digest that was shown. Directory asks the Annuaire Santé for the mailboxes of a person, or who holds an address. Goes through the running gateway, as the holder of VIADUC_TOKEN (else as the
administrator).`,
  options: { reason: { type: 'string' }, lang: { type: 'string' } },
  async run(values, [subject, verb, sha256]) {
    if (subject !== 'white-list' && subject !== 'directory')
      throw new UsageError('mssante white-list, mssante white-list accept, or mssante directory');
    const language = languageGiven(values);
    const call = runningCall(readConfig(), language);
    if (subject === 'directory') console.log(directoryText(await ask(call, verb)));
    else if (verb === undefined) show(await call<Shown>('mssante/white-list'), language);
    else if (verb === 'accept') show(await accept(call, sha256, reasonGiven(values)), language);
    else throw new UsageError(`mssante white-list or mssante white-list accept, not '${verb}'`);
    return EXIT.done;
  },
};

function ask(call: Call, about: string | undefined): Promise<Answer> {
  if (about === undefined) throw new UsageError('directory of whom? give an RPPS number or an address');
  const by = about.includes('@') ? 'address' : 'rpps';
  return call(`mssante/directory?${new URLSearchParams({ [by]: about })}`);
}

/** One line for each mailbox or holder. */
function directoryText({ standing, problem, mailbox, holders = [], name, ...person }: Answer): string {
  if (problem) return `${problem.message} [${problem.code}]\n→ ${problem.remedy}`;
  if (standing !== 'known') return standing;
  const { mailboxes = [], activities = [] } = person;
  const all = [{ structure: null, mailboxes }, ...activities];
  return [
    ...(mailbox ? [mailboxText(mailbox), ...holders.map((one) => one.name ?? '-')] : [name ?? '-']),
    ...all.flatMap((one) => one.mailboxes.map((box) => mailboxText(box, one.structure?.name))),
  ].join('\n');
}

function mailboxText({ address, type, description }: Box, structure?: string | null): string {
  return [address, type, structure, description].filter((one) => one).join('  ');
}

function accept(call: Call, sha256: string | undefined, reason: string): Promise<Shown> {
  if (sha256 === undefined) throw new UsageError('accept what? give the digest of the list that waits');
  return call('mssante/white-list/accept', { sha256, reason });
}

function show({ inUse, waiting, problem, readAt }: Shown, language: Language): void {
  const label = LABELS[language];
  console.log(`${label.inUse}: ${inUse ? listText(inUse, language) : label.none}`);
  if (waiting) {
    const { count, domains } = waiting.lost;
    console.log(`${label.waiting}: ${listText(waiting, language)}`);
    console.log(`${label.lost}: ${count} (${domains.join(', ')}${count > domains.length ? ', …' : ''})`);
  }
  if (problem) console.log(`${problem.message} [${problem.code}]\n→ ${problem.remedy}`);
  if (readAt) console.log(`${label.read}: ${readAt}`);
}

function listText({ sha256, generated, domains }: ListFacts, language: Language): string {
  const label = LABELS[language];
  return `${sha256}, ${generated ?? label.undated}, ${domains} ${label.domains}`;
}
