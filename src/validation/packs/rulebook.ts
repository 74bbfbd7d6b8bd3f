import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, normalize } from 'node:path';
import type { Finding, NotEvaluated, Profile, ProfileTried, RuleText } from '../../words/findings.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { packError, validationError } from '../errors.ts';
import { loadSchema, type SchemaValidator } from '../schema/validate.ts';
import { RuleSets } from '../schematron/rule-sets.ts';
import {
  type Alternative,
  type Choice,
  type Contradiction,
  chooseRules,
  type EditionsAllowed,
} from './choose.ts';
import type { RulesHeader } from './header.ts';
import { failOnProblems, type InstalledPack, isDamage, openInstalledPack, problemsOf } from './installed.ts';

/** A pack that judges, and when: milliseconds since 1970, null for always. */
export interface ActivePack {
  folder: string;
  from: number | null;
  until: number | null;
}

/**
 * What to do with a pack whose Schematrons do not all work: `refuse` to open it; `report-missing`: what is missing as
 * published is named in each verdict, what is damaged refuses; `report`: all of it is named in each verdict.
 */
export type PackProblems = 'refuse' | 'report-missing' | 'report';

export interface RulebookSetup {
  packs: readonly ActivePack[];
  /** Folder where manifests and compiled rules are kept, or null. */
  cache: string | null;
  problems: PackProblems;
  /** Paths of the only Schematrons to open, when nothing else will be asked for. */
  only?: readonly string[];
}

/** How one document is to be judged. */
export interface Asked {
  header: RulesHeader;
  /** Name of the file, when it has one that may say its model. */
  fileName?: string | null;
  allowed?: EditionsAllowed;
  /** Paths of Schematrons in the pack, instead of the automatic choice. */
  schematrons?: readonly string[];
  nowMs: number;
}

export interface RulesJudged {
  findings: Finding[];
  notEvaluated: NotEvaluated[];
  profile: Profile | null;
  choice: Choice | null;
  /** Of the alternative that counts. */
  contradiction: Contradiction | null;
}

interface OpenPack extends InstalledPack {
  active: ActivePack;
  validator: SchemaValidator | null;
  rules: RuleSets;
}

/** The packs in force: chooses for each document the rules that it has to satisfy, and judges it by them. */
export class Rulebook {
  readonly #packs: readonly OpenPack[];

  private constructor(packs: readonly OpenPack[]) {
    this.#packs = packs;
  }

  /** @throws PackError when a pack is not usable as it is: nothing starts on a silently weaker set than configured */
  static async open(setup: RulebookSetup): Promise<Rulebook> {
    const packs: OpenPack[] = [];
    for (const active of setup.packs) packs.push(await openForJudging(active, setup));
    return new Rulebook(packs);
  }

  get packs(): readonly InstalledPack[] {
    return this.#packs;
  }

  /**
   * Judges a document by the XML Schema and the Schematrons chosen for it.
   * @throws ViaducError of class `not-judged`, and `validation.rules-unknown` for a Schematron that no pack holds
   */
  async judge(document: XmlDocument, asked: Asked): Promise<RulesJudged> {
    const open = this.#packs.filter(({ active }) => isActive(active, asked.nowMs));
    if (open.length === 0) return UNJUDGED;
    if (asked.schematrons) return this.#judgeAsked(document, open, asked.schematrons);
    const { choice, chosenBy } = choose(open, asked);
    return { ...(await this.#tried(document, choice.alternatives, chosenBy)), choice };
  }

  async #judgeAsked(
    document: XmlDocument,
    open: readonly OpenPack[],
    schematrons: readonly string[],
  ): Promise<RulesJudged> {
    const pack = this.#holder(schematrons, open);
    const only = { pack, model: null, schematrons: [...schematrons], contradiction: null };
    return { ...(await this.#tried(document, [only], 'request')), choice: null };
  }

  /** @throws ViaducError `validation.rules-unknown` when no pack holds all of these Schematrons */
  require(schematrons: readonly string[]): void {
    this.#holder(schematrons, this.#packs);
  }

  #holder(schematrons: readonly string[], packs: readonly OpenPack[]): OpenPack {
    const holds = ({ rules }: OpenPack, path: string) => rules.sets.some((set) => set.path === path);
    const found = packs.find((pack) => schematrons.every((path) => holds(pack, path)));
    if (found) return found;
    const file = schematrons.filter((path) => !packs.some((pack) => holds(pack, path))).join(', ');
    throw validationError('validation.rules-unknown', { pack: packs.map(({ id }) => id).join(', '), file });
  }

  /** Tries alternatives, newest first, until the document satisfies one; else the first one counts. */
  async #tried(
    document: XmlDocument,
    alternatives: readonly Alternative<OpenPack>[],
    chosenBy: Profile['chosenBy'],
  ): Promise<Omit<RulesJudged, 'choice'>> {
    const telling = alternatives.filter(({ pack, model }) => !model || !pack.hollow.includes(model.path));
    const trials = (telling.length > 0 ? telling : alternatives).map((one) => new Trial(document, one));
    const [first] = trials;
    let best = first!;
    for (const trial of trials) {
      await trial.run(trials);
      if (trial.errors > 0) continue;
      best = trial;
      break;
    }
    const ran = trials.filter((one) => one.ran);
    const tried = ran.length > 1 ? ran.map((one) => one.summary()) : [];
    return {
      findings: best.findings,
      notEvaluated: best.notEvaluated,
      contradiction: best.contradiction,
      profile: { ...best.profile(), chosenBy, satisfied: best.errors === 0, tried },
    };
  }

  /** What the pack of a finding says of the rule behind it. */
  explain({ rule, pack }: Pick<Finding, 'rule' | 'pack'>): RuleText | null {
    if (rule === undefined) return null;
    const found = this.#packs.find(({ id }) => id === pack);
    return found?.rules.explain(rule) ?? null;
  }
}

const NO_PACK: NotEvaluated[] = [
  { rule: 'xsd', reason: 'no rule pack is installed' },
  { rule: 'schematron', reason: 'no rule pack is installed' },
];

const UNJUDGED: RulesJudged = {
  ...{ findings: [], notEvaluated: NO_PACK, profile: null },
  ...{ choice: null, contradiction: null },
};

/** One alternative put to a document. What it shares with an earlier one of the same pack is not judged again. */
class Trial {
  readonly #document: XmlDocument;
  readonly #by: Alternative<OpenPack>;
  shared: { findings: Finding[]; notEvaluated: NotEvaluated[] } | null = null;
  findings: Finding[] = [];
  notEvaluated: NotEvaluated[] = [];
  ran = false;

  constructor(document: XmlDocument, by: Alternative<OpenPack>) {
    this.#document = document;
    this.#by = by;
  }

  get pack(): OpenPack {
    return this.#by.pack;
  }

  get contradiction(): Contradiction | null {
    return this.#by.contradiction;
  }

  get errors(): number {
    return this.findings.filter(({ severity }) => severity === 'error').length;
  }

  async run(others: readonly Trial[]): Promise<void> {
    const { pack, model, schematrons } = this.#by;
    const earlier = others.find((one) => one.shared && one.pack === pack);
    const split = model !== null && others.length > 1;
    this.shared =
      earlier?.shared ??
      (await this.#common(split ? schematrons.filter((path) => path !== model.path) : schematrons));
    const own = split ? pack.rules.judge(this.#document, [model.path]) : { findings: [], notEvaluated: [] };
    this.findings = [...this.shared.findings, ...own.findings];
    this.notEvaluated = [...this.shared.notEvaluated, ...own.notEvaluated];
    this.ran = true;
  }

  /** The XML Schema, and the Schematrons that every alternative of the pack has. */
  async #common(
    schematrons: readonly string[],
  ): Promise<{ findings: Finding[]; notEvaluated: NotEvaluated[] }> {
    const { validator, rules, id } = this.#by.pack;
    const schema = validator?.validate(this.#document) ?? [];
    const judged = rules.judge(this.#document, schematrons);
    const none = { rule: 'xsd', reason: `pack ${id} has no XML Schema` };
    const damaged = schematrons.filter((path) => this.pack.damaged.includes(path)).map(unreadable);
    return {
      findings: [...schema, ...judged.findings],
      notEvaluated: [...(validator ? [] : [none]), ...damaged, ...judged.notEvaluated],
    };
  }

  summary(): ProfileTried {
    const { pack, model } = this.#by;
    return { pack: pack.id, edition: model?.edition ?? null, errors: this.errors };
  }

  profile(): Omit<Profile, 'chosenBy' | 'satisfied' | 'tried'> {
    const { pack, model, schematrons } = this.#by;
    const { id, sha256 } = pack;
    return { pack: id, sha256, model: model?.model ?? null, edition: model?.edition ?? null, schematrons };
  }
}

function unreadable(path: string): NotEvaluated {
  return { rule: `schematron ${basename(path, '.sch')}`, reason: `${path} cannot be read` };
}

function isActive({ from, until }: ActivePack, nowMs: number): boolean {
  return (from === null || from <= nowMs) && (until === null || nowMs < until);
}

/** Chooses by the header and the instructions of a document, then by its file's name when those name no model. */
function choose(
  open: readonly OpenPack[],
  { header, allowed, fileName }: Asked,
): { choice: Choice<OpenPack>; chosenBy: Profile['chosenBy'] } {
  const bare = chooseRules(open, { ...header, named: [] }, allowed);
  const choice = header.named.length > 0 ? chooseRules(open, header, allowed) : bare;
  const chosenBy = choice.alternatives.length === bare.alternatives.length ? 'header' : 'instruction';
  if (fileName == null || choice.alternatives.some(({ model }) => model)) return { choice, chosenBy };
  const named = open.flatMap(({ choices }) => choices.models.filter(({ path }) => begins(fileName, path)));
  if (named.length === 0) return { choice, chosenBy };
  const again = chooseRules(
    open,
    { ...header, named: named.map(({ path }) => basename(path, '.sch')) },
    allowed,
  );
  return { choice: again, chosenBy: 'file-name' };
}

/** Whether a file is named after a Schematron, as the agency names its examples. */
function begins(fileName: string, path: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, '-');
  return plain(fileName).startsWith(plain(basename(path, '.sch').replace(/^CI-SIS_/, '')));
}

async function openForJudging(
  active: ActivePack,
  { cache, problems, only }: RulebookSetup,
): Promise<OpenPack> {
  const pack = openInstalledPack(active.folder, cache);
  const found = problemsOf(pack);
  if (problems === 'refuse') failOnProblems(found);
  if (problems === 'report-missing') failOnProblems(found.filter(({ code }) => isDamage(code)));
  const { profiles, models } = pack.choices;
  const all = [...profiles, ...models.map(({ path }) => path)];
  const paths = (only ?? all).filter((path) => !pack.damaged.includes(path) && exists(pack, path));
  const kept = cache === null ? null : { folder: cache, packSha256: pack.sha256 };
  const rules = RuleSets.open({ folder: pack.folder, pack: pack.id, cache: kept }, paths);
  if (problems === 'refuse') refuseUnevaluated(pack, rules);
  return { ...pack, active, rules, validator: pack.xsd && loadSchema(pack.xsd) };
}

/** Whether a pack holds a file that somebody asked for by its path. */
function exists({ folder }: InstalledPack, path: string): boolean {
  const inside = normalize(path);
  return !inside.startsWith('..') && !isAbsolute(inside) && existsSync(join(folder, inside));
}

/** In the strictest mode a rule that cannot be evaluated stops the start. */
function refuseUnevaluated({ id }: InstalledPack, { sets }: RuleSets): void {
  const problems = sets.reduce((sum, { notEvaluated }) => sum + notEvaluated.length, 0);
  if (problems > 0) throw packError('validation.pack-broken', { pack: id, problems });
}
