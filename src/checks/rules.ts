import type { RulesJudged } from '../validation/packs/rulebook.ts';
import type { RulesPolicy } from '../words/establishment.ts';
import { type Finding, finding, type NotEvaluated } from '../words/findings.ts';
import { child, placeOf } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { checkErrors } from './errors.ts';

/** What choosing the rules found odd about a document. */
export function choiceFindings(
  { choice, profile }: Pick<RulesJudged, 'choice' | 'profile'>,
  clinicalDocument: XmlElement,
  document: XmlDocument,
): Finding[] {
  if (!choice) return [];
  const { contradiction, unknownEdition, disallowed } = choice;
  const place = placeOf(document, child(clinicalDocument, 'templateId') ?? clinicalDocument);
  const about = { source: 'cda' as const, place };
  const found = disallowed ? [finding(checkErrors, 'rules.edition-not-allowed', about)] : [];
  if (contradiction)
    found.push(
      finding(checkErrors, 'rules.header-contradicts', {
        ...about,
        severity: 'warning',
        values: contradiction,
      }),
    );
  if (unknownEdition) {
    const values = { ...unknownEdition, judged: profile?.edition ?? profile?.pack ?? '-' };
    found.push(finding(checkErrors, 'rules.edition-unknown', { ...about, severity: 'warning', values }));
  }
  return found;
}

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
