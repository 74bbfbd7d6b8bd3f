import type { RulesJudged } from '../validation/packs/rulebook.ts';
import type { RulesPolicy } from '../words/establishment.ts';
import { type Finding, finding, type NotEvaluated, type RuleText } from '../words/findings.ts';
import { child, placeOf } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { checkErrors } from './errors.ts';

/** What choosing the rules found odd about a document. */
export function choiceFindings(
  { choice, profile, contradiction }: Pick<RulesJudged, 'choice' | 'profile' | 'contradiction'>,
  clinicalDocument: XmlElement,
  document: XmlDocument,
): Finding[] {
  if (!choice) return [];
  const { unknownEdition, disallowed } = choice;
  if (!contradiction && !unknownEdition && !disallowed) return [];
  const place = placeOf(document, child(clinicalDocument, 'templateId') ?? clinicalDocument);
  const about = { source: 'cda' as const, place };
  const found = disallowed ? [finding(checkErrors, 'rules.edition-not-allowed', about)] : [];
  if (contradiction)
    found.push(
      finding(checkErrors, 'rules.header-contradicts', {
        ...about,
        severity: 'warning',
        values: { ...contradiction },
      }),
    );
  if (unknownEdition) {
    const values = { ...unknownEdition, judged: profile?.edition ?? profile?.pack ?? '-' };
    found.push(finding(checkErrors, 'rules.edition-unknown', { ...about, severity: 'warning', values }));
  }
  return found;
}

/** Words by which a message says itself what to do. */
const SAYS_WHAT_TO_DO =
  /\b(doi(t|vent)|obligatoire|interdit|requis|attendu|fixée?|utiliser|renseigner|autoris|seuls?|uniquement|must|shall|should|required|allowed)/i;

/** A finding of a Schematron whose message only says that something is wrong gets what the rule asks for as its remedy. */
export function withRemedy(one: Finding, explain: () => RuleText | null): Finding {
  if (one.remedy || one.rule === undefined || SAYS_WHAT_TO_DO.test(one.message)) return one;
  const rule = explain();
  if (!rule) return one;
  const test = rule.test.replace(/\s+/g, ' ').trim().slice(0, REMEDY_CHARACTERS);
  const remedy =
    rule.kind === 'assert'
      ? {
          fr: `Faire en sorte qu'à cet endroit soit vrai : ${test}`,
          en: `Make this true at this place: ${test}`,
        }
      : {
          fr: `Faire en sorte qu'à cet endroit ne soit plus vrai : ${test}`,
          en: `Make this false at this place: ${test}`,
        };
  return { ...one, remedy };
}

const REMEDY_CHARACTERS = 300;

/** Findings as the policy of a sender takes them: what is only observed refuses nothing, what it insists on may refuse. */
export function applyPolicy(
  findings: readonly Finding[],
  notEvaluated: readonly NotEvaluated[],
  { mode, notEvaluated: unevaluated }: RulesPolicy,
): Finding[] {
  const taken = mode === 'observe' ? findings.map(observed) : [...findings];
  if (unevaluated !== 'refuse' || notEvaluated.length === 0) return taken;
  const values = { count: notEvaluated.length };
  return [...taken, finding(checkErrors, 'rules.not-evaluated', { source: 'schematron', values })];
}

function observed(one: Finding): Finding {
  const rules = one.source === 'schematron' || one.code === 'rules.edition-not-allowed';
  return rules && one.severity === 'error' ? { ...one, severity: 'warning' } : one;
}
