import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseRules } from '../../src/validation/packs/choose.ts';
import { clinicalDocumentIn, rulesHeader } from '../../src/validation/packs/header.ts';
import { type InstalledPack, openInstalledPack } from '../../src/validation/packs/installed.ts';
import { RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import type { Finding, NotEvaluated } from '../../src/words/findings.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { child } from '../../src/xml/select.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';
import { type Case, exampleCases, mutantCases, packFolder } from './cases.ts';
import { mutateForRules, seeded } from './mutate.ts';

/** The rules that the project itself writes. */
export const ownPackFolder = join(import.meta.dirname, '..', '..', 'profiles', 'packs', 'viaduc');

/** The official Schematrons of the document types that the own pack has a model for, by the type they are of. */
const TYPES: readonly (readonly [type: string, schematron: RegExp])[] = [
  ['biology report', /\/CI-SIS_BIO-CR-BIO_[^/]+\.sch$/],
  ['discharge letter', /\/CI-SIS_LDL-SES_[^/]+\.sch$/],
  ['admission letter', /\/CI-SIS_LDL-EES_[^/]+\.sch$/],
  ['prescription', /\/CI-SIS_EP-MED-DM_[^/]+\.sch$/i],
  ['imaging report', /\/CI-SIS_IMG-CR-IMG_[^/]+\.sch$/],
];

/** A mutant that the official Schematrons reject and ours let pass. */
export interface Missed {
  id: string;
  op: string;
  /** What the reference says of it. */
  message: string;
}

/** How far our pack goes where the official one is the measure, for one document type. */
export interface TypeFigures {
  type: string;
  examples: number;
  /** Examples without a finding of severity error. */
  clean: number;
  /** Mutants that an official Schematron rejects for something that it does not say of the example itself. */
  rejected: number;
  /** Those of them that our pack rejects too. */
  alsoRejected: number;
  /** Mutants that only our pack rejects; the recorded verdicts leave out the official rules of the minimal structure. */
  onlyOurs: number;
  /** Where the documents come from, when they are no examples of the agency. */
  note?: string;
}

export interface OwnPackFigures {
  pack: { id: string; sha256: string };
  byType: TypeFigures[];
  missed: Missed[];
  /** Errors on the examples themselves: there should be none. */
  onExamples: { id: string; code: string; message: string; location: string | null }[];
  /** Rules of our pack that could not be evaluated: then the figures are not to be trusted. */
  notEvaluated: NotEvaluated[];
}

/** Judges the examples and the mutants of our document types by our own pack. */
export function ownPackFigures(): OwnPackFigures {
  const judge = new Pack(ownPackFolder);
  const figures = new Map(TYPES.map(([type]) => [type, none(type)]));
  const onExamples: OwnPackFigures['onExamples'] = [];
  const known = new Map<string, ReadonlySet<string>>();
  for (const one of exampleCases()) {
    known.set(one.id, saidBy(one));
    const total = figures.get(typeOf(one) ?? '');
    if (!total) continue;
    const errors = judge.errorsOn(one);
    total.examples += 1;
    if (errors.length === 0) total.clean += 1;
    for (const { code, message, location } of errors)
      onExamples.push({ id: one.id, code, message, location });
  }
  const missed: Missed[] = [];
  for (const one of mutantCases()) {
    const total = figures.get(typeOf(one) ?? '');
    if (!total) continue;
    const before = known.get(one.id.slice(0, one.id.lastIndexOf('#')));
    const fresh = [...saidBy(one)].filter((said) => !before?.has(said));
    count(total, one, fresh, judge.errorsOn(one).length > 0, missed);
  }
  const { id, sha256 } = judge.pack;
  const operative = operativeFigures(judge);
  return {
    ...{ pack: { id, sha256 }, byType: [...figures.values(), operative.figures] },
    ...{ missed: [...missed, ...operative.missed], onExamples },
    notEvaluated: judge.notEvaluated,
  };
}

const OPERATIVE = {
  type: 'operative report',
  sample: join(import.meta.dirname, '..', '..', 'samples', 'documents', 'operative-report.xml'),
  mutants: 1_500,
  seed: 34874,
};

/**
 * The agency publishes neither rules of an operative report alone nor an example of one: mutants of our sample are judged
 * by its rule sets for every document, by our engine, which says of them what the reference says.
 */
function operativeFigures(judge: Pack): { figures: TypeFigures; missed: Missed[] } {
  const { type, sample, mutants, seed } = OPERATIVE;
  const official = new Pack(packFolder);
  const document = parseXml(readFileSync(sample));
  const known = new Set(official.errorsIn(document).map(({ message }) => message));
  const clean = judge.errorsIn(document).length === 0 ? 1 : 0;
  const note = `no example is published: ${mutants} mutants of our sample, by the official rule sets for every document`;
  const figures = { ...none(type), examples: 1, clean, note };
  const missed: Missed[] = [];
  const random = seeded(seed);
  for (let made = 0; made < mutants; ) {
    const mutant = mutateForRules(document, random);
    if (!mutant) continue;
    const changed = parseXml(mutant.bytes);
    const fresh = official.errorsIn(changed).flatMap(({ message }) => (known.has(message) ? [] : [message]));
    const one = { id: `${type}~${seed}.${made}`, op: mutant.what };
    count(figures, one, fresh, judge.errorsIn(changed).length > 0, missed);
    made += 1;
  }
  return { figures, missed };
}

function none(type: string): TypeFigures {
  return { type, examples: 0, clean: 0, rejected: 0, alsoRejected: 0, onlyOurs: 0 };
}

function typeOf({ schematrons }: Case): string | undefined {
  return TYPES.find(([, official]) => schematrons.some((path) => official.test(path)))?.[0];
}

/** What the reference says of a document, by Schematron and message. */
function saidBy({ truth }: Case): ReadonlySet<string> {
  const said = Object.entries(truth.failed).map(([schema, list]) =>
    list.map(([message]) => `${schema}: ${message}`),
  );
  return new Set(said.flat());
}

function count(
  total: TypeFigures,
  one: Pick<Case, 'id' | 'op'>,
  fresh: readonly string[],
  ours: boolean,
  missed: Missed[],
): void {
  const [message] = fresh;
  if (message === undefined) {
    if (ours) total.onlyOurs += 1;
    return;
  }
  total.rejected += 1;
  if (ours) total.alsoRejected += 1;
  else missed.push({ id: one.id, op: one.op ?? '', message });
}

/** A pack, opened once. */
class Pack {
  readonly pack: InstalledPack;
  readonly notEvaluated: NotEvaluated[] = [];
  readonly #rules: RuleSets;

  constructor(at: string) {
    this.pack = openInstalledPack(at, null);
    const { choices, folder, id } = this.pack;
    const paths = [...choices.profiles, ...choices.models.map(({ path }) => path)];
    this.#rules = RuleSets.open({ folder, pack: id, cache: null }, paths);
    this.notEvaluated.push(...this.#rules.sets.flatMap(({ notEvaluated }) => notEvaluated));
  }

  errorsOn(one: Case): Finding[] {
    return this.errorsIn(parseXml(one.read()));
  }

  errorsIn(document: XmlDocument): Finding[] {
    const root = clinicalDocumentIn(document);
    if (!root) return [];
    const level = child(child(root, 'component'), 'nonXMLBody') ? 1 : 3;
    const { alternatives } = chooseRules([this.pack], rulesHeader(document, root, level));
    const { findings } = this.#rules.judge(document, alternatives[0]?.schematrons ?? []);
    return findings.filter(({ severity }) => severity === 'error');
  }
}

/** The figures as lines to print. */
export function ownPackLines({ pack, byType, onExamples, missed, notEvaluated }: OwnPackFigures): string[] {
  const sum = (of: (one: TypeFigures) => number) => byType.reduce((total, one) => total + of(one), 0);
  const all: TypeFigures = {
    ...none('all of these'),
    examples: sum((one) => one.examples),
    clean: sum((one) => one.clean),
    rejected: sum((one) => one.rejected),
    alsoRejected: sum((one) => one.alsoRejected),
    onlyOurs: sum((one) => one.onlyOurs),
  };
  return [
    `own pack ${pack.id}, ${pack.sha256.slice(0, 12)}`,
    ...[...byType, all].map(line),
    ...onExamples.map(({ id, code, message }) => `  error on the example ${id}: ${code} ${message}`),
    ...missed.map(({ id, op, message }) => `  not rejected by us: ${id} (${op}), reference: ${message}`),
    ...notEvaluated.map(({ rule, reason }) => `  not evaluated: ${rule}: ${reason}`),
  ];
}

function line({ type, examples, clean, rejected, alsoRejected, onlyOurs, note }: TypeFigures): string {
  const share = rejected === 0 ? '' : ` (${((100 * alsoRejected) / rejected).toFixed(1)} %)`;
  const of = note ? `${type} (${note})` : type;
  const more = note ? '' : ' than the reference verdicts, which leave out the minimal structure';
  return `${of}: ${clean} of ${examples} examples without error; ${alsoRejected} of ${rejected} officially rejected mutants rejected too${share}; ${onlyOurs} more${more}`;
}
