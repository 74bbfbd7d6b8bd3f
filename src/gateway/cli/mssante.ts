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
  summary: 'white list of MSSanté: which domains may be written to; take one that waits',
  usage: `mssante white-list [--lang fr|en]
       viaduc mssante white-list accept SHA256 --reason TEXT

Shows the list in use, the one that waits because it lost too many domains, and why the last was not taken. Accept takes the list
that waits, by the digest that was shown. Goes through the running gateway, as the holder of VIADUC_TOKEN (else as the
administrator).`,
  options: { reason: { type: 'string' }, lang: { type: 'string' } },
  async run(values, [subject, verb, sha256]) {
    if (subject !== 'white-list') throw new UsageError('mssante white-list, or mssante white-list accept');
    const language = languageGiven(values);
    const call = runningCall(readConfig(), language);
    if (verb === undefined) show(await call<Shown>('mssante/white-list'), language);
    else if (verb === 'accept') show(await accept(call, sha256, reasonGiven(values)), language);
    else throw new UsageError(`mssante white-list or mssante white-list accept, not '${verb}'`);
    return EXIT.done;
  },
};

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
