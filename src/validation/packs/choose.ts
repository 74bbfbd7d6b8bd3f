import { basename } from 'node:path';
import type { RulesHeader } from './header.ts';
import type { Choices, ModelRules } from './manifest.ts';
import { newestFirst } from './names.ts';

/** What choosing needs to know of a pack. */
export interface ChoosablePack {
  id: string;
  choices: Choices;
}

/** One set of rules that a document may be judged by. */
export interface Alternative<P extends ChoosablePack = ChoosablePack> {
  pack: P;
  /** Null when no model of the pack answers for the document: then only the profiles judge it. */
  model: ModelRules | null;
  /** Paths in the pack: the profiles, then the model's. */
  schematrons: string[];
  /** What the template and the code of the document contradict each other about, so that no model of this pack answers. */
  contradiction: Contradiction | null;
}

/** A model by the template of a document, and the code of the document, which is another model's. */
export interface Contradiction {
  model: string;
  code: string;
}

export interface Choice<P extends ChoosablePack = ChoosablePack> {
  /** Newest first; the first one that the document satisfies is the one that counts, else the first of all. */
  alternatives: Alternative<P>[];
  /** An edition that the document says and that none of the packs holds. */
  unknownEdition: { model: string; edition: string } | null;
  /** Nothing that is allowed answers for the document: the alternatives are those that would, were everything allowed. */
  disallowed: boolean;
}

/** What a sender or an operator allows; an absent member allows everything. */
export interface EditionsAllowed {
  packs?: readonly string[];
  editions?: readonly string[];
}

/**
 * Chooses the rules for a document among the packs active today, the newest pack first. A document belongs to a model by
 * a templateId that is this model's alone, else by a code that is. It says its edition by the extension of that templateId,
 * or by the Schematron that it names itself; otherwise every edition allowed is an alternative. A pack in which the header
 * contradicts itself comes last, with its profiles alone: whoever satisfies a model of another pack has satisfied more.
 */
export function chooseRules<P extends ChoosablePack>(
  packs: readonly P[],
  header: RulesHeader,
  allowed: EditionsAllowed = {},
): Choice<P> {
  const choice = chosen(packs, header, allowed);
  if (choice.alternatives.length > 0 || packs.length === 0) return { ...choice, disallowed: false };
  return { ...chosen(packs, header, {}), disallowed: true };
}

function chosen<P extends ChoosablePack>(
  packs: readonly P[],
  header: RulesHeader,
  allowed: EditionsAllowed,
): Omit<Choice<P>, 'disallowed'> {
  const open = packs
    .filter(({ id }) => !allowed.packs || allowed.packs.includes(id))
    .toSorted(newestPackFirst);
  const found = open.map((pack) => ({ pack, ...modelsFor(pack.choices, header) }));
  const candidates = found.flatMap(({ pack, models }) => models.map((model) => ({ pack, model })));
  const contradicted = found.filter(({ contradiction }) => contradiction !== null);
  if (candidates.length === 0) {
    const any = contradicted[0]?.contradiction ?? null;
    const alternatives = found.map(({ pack, contradiction }) =>
      alternative(pack, null, contradiction ?? any),
    );
    return { alternatives, unknownEdition: null };
  }
  const permitted = candidates.filter(
    ({ model }) => !allowed.editions || allowed.editions.includes(model.edition),
  );
  const said = saidEditions(permitted, header);
  const kept = said.length > 0 ? said : permitted;
  const sorted = kept.toSorted((a, b) => newestFirst(a.model.edition, b.model.edition));
  const others = said.length > 0 || allowed.editions ? [] : contradicted;
  return {
    alternatives: [
      ...sorted.map(({ pack, model }) => alternative(pack, model)),
      ...others.map(({ pack, contradiction }) => alternative(pack, null, contradiction)),
    ],
    unknownEdition: said.length > 0 ? null : unknownEdition(candidates, header),
  };
}

function alternative<P extends ChoosablePack>(
  pack: P,
  model: ModelRules | null,
  contradiction: Contradiction | null = null,
): Alternative<P> {
  const { profiles } = pack.choices;
  return { pack, model, schematrons: model ? [...profiles, model.path] : profiles, contradiction };
}

/** The newest edition that a pack holds says how new the pack is. */
function newestPackFirst(a: ChoosablePack, b: ChoosablePack): number {
  return newestFirst(newestEdition(a), newestEdition(b));
}

export function newestEdition({ choices }: ChoosablePack): string {
  return choices.models.map(({ edition }) => edition).toSorted(newestFirst)[0] ?? '';
}

/** The editions of the model of a document in one pack. */
function modelsFor(
  { models }: Choices,
  header: RulesHeader,
): { models: ModelRules[]; contradiction: Contradiction | null } {
  const roots = new Set(header.templates.map(({ root }) => root));
  const carries = (one: ModelRules) =>
    [...one.templates, ...one.exampleTemplates].some((root) => roots.has(root));
  const byTemplate = models.filter(carries);
  const agreeing = byTemplate.filter((one) => !contradicts(one, models, header.code));
  if (agreeing.length > 0) return { models: agreeing, contradiction: null };
  const named = models.filter(({ path }) => header.named.includes(basename(path, '.sch')));
  const [first] = byTemplate;
  const contradiction = first ? { model: first.model, code: header.code ?? '' } : null;
  if (named.length > 0) return { models: named, contradiction: null };
  return { models: first ? [] : modelsByCode(models, header), contradiction };
}

/** Models by the code alone: it proves something only when one model, in whatever edition, has it. */
function modelsByCode(models: readonly ModelRules[], header: RulesHeader): ModelRules[] {
  const found = models.filter((one) => byCode(one, header));
  return new Set(found.map(({ model }) => model)).size === 1 ? found : [];
}

/** Whether the code of a document is that of other models and not of this one: then its template alone proves nothing. */
function contradicts(one: ModelRules, models: readonly ModelRules[], code: string | null): boolean {
  if (code === null || one.codes.length === 0) return false;
  const agrees = (other: ModelRules) => other.codes.includes(code);
  const same = models.filter(({ model }) => model === one.model);
  return !same.some(agrees) && models.some(agrees);
}

/** Whether a code could be a model's. A file (level 1) has none of the sections that a model is about. */
function byCode(one: ModelRules, { code, level }: RulesHeader): boolean {
  if (code === null || !one.codes.includes(code)) return false;
  return one.level1 ? level === 1 : level > 1;
}

interface Candidate<P> {
  pack: P;
  model: ModelRules;
}

function saidEditions<P extends ChoosablePack>(
  candidates: readonly Candidate<P>[],
  header: RulesHeader,
): Candidate<P>[] {
  const byExtension = candidates.filter(({ model }) => {
    const roots = [...model.templates, ...model.exampleTemplates];
    return header.templates.some(
      ({ root, extension }) =>
        extension !== null && roots.includes(root) && model.extensions.includes(extension),
    );
  });
  const among = byExtension.length > 0 ? byExtension : candidates;
  const named = among.filter(({ model }) => header.named.includes(basename(model.path, '.sch')));
  return named.length > 0 ? named : byExtension;
}

/** The extension that a document gives a template of its model, when no edition there is has it. */
function unknownEdition(
  candidates: readonly Candidate<ChoosablePack>[],
  header: RulesHeader,
): Choice['unknownEdition'] {
  const [first] = candidates;
  if (!first) return null;
  const roots = candidates.flatMap(({ model }) => [...model.templates, ...model.exampleTemplates]);
  const said = header.templates.find(({ root, extension }) => extension !== null && roots.includes(root));
  const known = candidates.some(({ model }) => said?.extension && model.extensions.includes(said.extension));
  return said && !known ? { model: first.model.model, edition: said.extension! } : null;
}
