import { authorStructuresOf, examIdsOf, serviceTimeOf } from '../cda/derive.ts';
import type { Checked } from '../checks/checked.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { DocumentEntry, VerdictSummary } from '../words/events.ts';
import type { Finding, Verdict } from '../words/findings.ts';

/** What the chain keeps of a judged document. */
export function documentEntry(checked: Checked, facts: DocumentFacts, bodyId: string): DocumentEntry {
  return {
    uniqueId: facts.id.root,
    setId: facts.setId ? [facts.setId.root, facts.setId.extension].filter(Boolean).join('^') : null,
    versionNumber: facts.versionNumber,
    parents: parentsOf(facts),
    typeCode: facts.code?.code ?? '',
    typeCodeSystem: facts.code?.codeSystem ?? null,
    templateIds: [...new Set(facts.templateIds.map(({ root }) => root))],
    level: facts.level,
    effectiveTime: facts.effectiveTime,
    serviceTime: serviceTimeOf(facts),
    structures: authorStructuresOf(facts),
    exams: examIdsOf(facts),
    contentSha256: facts.contentSha256,
    body: { id: bodyId, sha256: checked.sha256, size: facts.size },
    verdict: summary(checked.verdict),
  };
}

/** uniqueIds of the documents that a document says it replaces. */
export function parentsOf(facts: DocumentFacts): string[] {
  return facts.related
    .filter((related) => related.typeCode === 'RPLC')
    .flatMap((related) => related.ids.map((id) => id.root));
}

function summary({ judgement, findings, notEvaluated, packs, profile }: Verdict): VerdictSummary {
  return {
    judgement,
    errors: count(findings, 'error'),
    warnings: count(findings, 'warning'),
    codes: [...new Set(findings.map((finding) => finding.code))],
    notEvaluated,
    packs,
    profile: profile && { pack: profile.pack, model: profile.model, edition: profile.edition },
  };
}

function count(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
