import { bodiesOf, levelOf } from '../cda/body.ts';
import { readFacts } from '../cda/facts.ts';
import { locator } from '../cda/locate.ts';
import { assessIdentity, type InsAssessment } from '../identity/assess.ts';
import { sha256 } from '../ledger/cipher.ts';
import { rulesHeader } from '../validation/packs/header.ts';
import { Rulebook, type RulebookSetup, type RulesJudged } from '../validation/packs/rulebook.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { Environment } from '../words/environment.ts';
import { isViaducError } from '../words/errors.ts';
import {
  type Finding,
  finding,
  judge,
  type NotEvaluated,
  type Place,
  type Profile,
  type Verdict,
} from '../words/findings.ts';
import { deriveLot } from '../xds/derive.ts';
import type { PublishedSet } from '../xds/published-set.ts';
import { establishmentSettings, type Installation, lotContext, sendingStructure } from '../xds/sending.ts';
import { publishedSettings, type XdsSettings } from '../xds/settings.ts';
import { XmlError, xmlErrors } from '../xml/errors.ts';
import { parseXml } from '../xml/parse.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { canonicalDigests } from './canonical-digests.ts';
import type { Bringing, Checked, Question } from './checked.ts';
import { checkErrors } from './errors.ts';
import { checkLimits } from './limits.ts';
import { applyPolicy, choiceFindings, withRemedy } from './rules.ts';

/** What every judge is made with. */
export interface JudgeSetup {
  environment: Environment;
  rules: RulebookSetup;
  installation: Installation;
  /** Value sets of the DMP as the operator loaded them; none when absent. */
  valueSets?: readonly PublishedSet[];
}

/**
 * Judges documents in the order of the plan: size, encoding, well-formedness, root, header, XML Schema, rules, identity,
 * metadata for the DMP. A step that makes the next ones meaningless ends the judgement; otherwise everything is said at once.
 */
export class Judge {
  readonly #setup: JudgeSetup;
  readonly #rulebook: Rulebook;
  #settings: XdsSettings;
  /** Choices of Schematrons that have judged here. */
  readonly #warm = new Set<string>();

  private constructor(setup: JudgeSetup, rulebook: Rulebook) {
    this.#setup = setup;
    this.#rulebook = rulebook;
    this.#settings = publishedSettings(setup.valueSets ?? []);
  }

  /** The packs that judge. */
  get rulebook(): Rulebook {
    return this.#rulebook;
  }

  /** @throws PackError when a configured pack is not usable as it is: nothing starts on a weaker set than configured */
  static async open(setup: JudgeSetup): Promise<Judge> {
    return new Judge(setup, await Rulebook.open(setup.rules));
  }

  /** Takes other value sets from now on. */
  takeValueSets(valueSets: readonly PublishedSet[]): void {
    this.#settings = publishedSettings(valueSets);
  }

  async judge(question: Question): Promise<Checked> {
    const checked = await this.#judgeOnce(question);
    const kind = checked.verdict.profile?.schematrons.join() ?? '';
    if (!question.warm || this.#warm.has(kind)) return checked;
    this.#warm.add(kind);
    return this.#judgeOnce(question);
  }

  async #judgeOnce(question: Question): Promise<Checked> {
    const began = performance.now();
    const found = await this.#found(question).catch(failed);
    const verdict = this.#verdict(found);
    if (question.explain) verdict.findings = verdict.findings.map((one) => this.#explained(one));
    const { facts = null, identity = null } = found;
    return {
      verdict,
      facts,
      identity,
      sha256: facts?.sha256 ?? sha256(question.bytes),
      ms: performance.now() - began,
      ...(found.failure === undefined ? {} : { failure: found.failure }),
    };
  }

  #explained(one: Finding): Finding {
    const explained = this.#rulebook.explain(one);
    return explained ? { ...one, explained } : one;
  }

  async #found(question: Question): Promise<Found> {
    const { bytes, brought } = question;
    const { documentBytes } = checkLimits;
    if (bytes.length > documentBytes.value) {
      return {
        findings: [
          finding(checkErrors, 'document.too-large', {
            source: 'xml',
            values: { size: bytes.length, limit: documentBytes.value },
          }),
        ],
      };
    }
    const document = readXml(bytes);
    if ('code' in document) return { findings: [document] };
    const header = readFacts(document, bytes);
    const { facts, clinicalDocument } = header;
    if (!clinicalDocument) return { findings: header.findings };
    const locate = locator(document, clinicalDocument);
    const level = facts?.level ?? levelOf(bodiesOf(clinicalDocument)[0] ?? null);
    const rules = await this.#rules(document, clinicalDocument, level, question);
    const identity = facts && this.#identity(facts, brought, locate);
    const metadata =
      facts && brought && feedsDmp(brought)
        ? this.#metadata(facts, brought, locate)
        : { findings: [], notEvaluated: [] };
    if (facts && brought && feedsDmp(brought)) facts.canonical = canonicalDigests(document);
    const { profile } = rules;
    const findings = [
      ...(brought ? header.findings : header.findings.map(aloneJudged)),
      ...rules.findings,
      ...(identity?.findings ?? []),
      ...metadata.findings,
    ];
    return {
      ...{ findings, facts, identity, profile },
      notEvaluated: [...rules.notEvaluated, ...metadata.notEvaluated],
    };
  }

  /** What the packs in force say, as the policy of the sender takes it. */
  async #rules(
    document: XmlDocument,
    clinicalDocument: XmlElement,
    level: DocumentFacts['level'],
    { brought, fileName, schematrons, rules }: Question,
  ): Promise<Pick<RulesJudged, 'findings' | 'notEvaluated' | 'profile'>> {
    const policy = rules ?? brought?.rules ?? {};
    const { packs, editions } = policy;
    const judged = await this.#rulebook.judge(document, {
      header: rulesHeader(document, clinicalDocument, level),
      fileName: fileName ?? null,
      allowed: { ...(packs ? { packs } : {}), ...(editions ? { editions } : {}) },
      ...(schematrons ? { schematrons } : {}),
      nowMs: Date.now(),
    });
    const found = judged.findings.map((one) => withRemedy(one, () => this.#rulebook.explain(one)));
    const findings = [...found, ...choiceFindings(judged, clinicalDocument, document)];
    return { ...judged, findings: applyPolicy(findings, judged.notEvaluated, policy) };
  }

  #identity(facts: DocumentFacts, brought: Bringing | null, locate: Locate): InsAssessment {
    const { destinations } = brought?.request ?? {};
    return assessIdentity({
      patient: facts.patient,
      identity: brought?.request.identity ?? null,
      environment: this.#setup.environment,
      nowMs: Date.now(),
      locate,
      insRequired: !destinations || destinations.dmp || destinations.patient,
    });
  }

  /** The metadata of the deposit, tried out: what is wrong in the document for the DMP is said before it is accepted. */
  #metadata(
    facts: DocumentFacts,
    { request, establishment, structures }: Bringing,
    locate: Locate,
  ): { findings: Finding[]; notEvaluated: NotEvaluated[] } {
    const structure = sendingStructure(facts, request, establishment, structures);
    const settings = establishmentSettings(this.#settings, establishment);
    const lot = { lotUniqueId: `${this.#setup.installation.sourceId}.0`, submissionTime: Date.now() };
    const derived = deriveLot({
      ...lotContext(this.#setup.installation, { request, structure, settings }, lot),
      documents: [{ facts }],
    });
    return {
      findings: derived.findings.map((one) => placed(one, locate)),
      notEvaluated: derived.notEvaluated,
    };
  }

  #verdict({ findings, notEvaluated = [], profile = null, failed: notJudged = false }: Found): Verdict {
    const packs = profile ? [{ id: profile.pack, sha256: profile.sha256 }] : [];
    const shown = bounded(findings);
    const judgement = notJudged ? 'not-judged' : judge(findings);
    return { judgement, findings: shown, notEvaluated, packs, profile };
  }
}

/** Whether a document leaves for the DMP in a lot of its own. */
function feedsDmp({ request }: Bringing): boolean {
  return request.destinations.dmp && request.operation !== 'delete';
}

/** Forms of identifiers that CDA R2 allows and the DMP refuses: a mistake only of a document that is to be deposited. */
const REFUSED_BY_DMP = ['cda.id-not-oid', 'cda.id-with-extension'];

/** A finding about the header of a document that nobody brought for a destination. */
function aloneJudged(one: Finding): Finding {
  return REFUSED_BY_DMP.includes(one.code) ? { ...one, severity: 'warning' } : one;
}

type Locate = (path: string) => Place;

/** What the steps came to. */
interface Found {
  findings: Finding[];
  notEvaluated?: NotEvaluated[];
  facts?: DocumentFacts | null;
  identity?: InsAssessment | null;
  profile?: Profile | null;
  failed?: boolean;
  failure?: string;
}

/** A check that failed to run is nobody's mistake but ours. */
function failed(error: unknown): Found {
  if (isViaducError(error) && error.class !== 'not-judged') {
    return {
      findings: [finding({ [error.code]: error.entry }, error.code, { source: 'xml', values: error.values })],
    };
  }
  const entries = isViaducError(error) ? { [error.code]: error.entry } : checkErrors;
  const code = isViaducError(error) ? error.code : 'checks.failed';
  return {
    findings: [
      finding(entries, code as keyof typeof entries, {
        source: 'xml',
        values: isViaducError(error) ? error.values : {},
      }),
    ],
    failed: true,
    failure: framesOf(error),
  };
}

/** Where an error comes from; never its message, which may quote the document. */
function framesOf(error: unknown): string {
  const { name, stack } = error as Error;
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [name, ...frames.slice(0, 8).map((line) => line.trim())].join(' ');
}

function readXml(bytes: Uint8Array): XmlDocument | Finding {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { line, column, values } = error;
    return finding(xmlErrors, error.code as keyof typeof xmlErrors, {
      source: 'xml',
      place: { line, column },
      values,
    });
  }
}

/** Findings about metadata name a path of the header; its line and column are looked up here. */
function placed(one: Finding, locate: Locate): Finding {
  const path = one.location?.replace(/^\/ClinicalDocument\/?/, '');
  if (!path || one.line !== null) return one;
  const { line, column } = locate(path);
  return { ...one, line, column };
}

function byPlace(a: Finding, b: Finding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** As many as are shown, in the order of their places; errors before what is less. */
function bounded(findings: readonly Finding[]): Finding[] {
  const { value: most } = checkLimits.findings;
  if (findings.length <= most) return findings.toSorted(byPlace);
  const gravest = findings.toSorted((a, b) => rank(a) - rank(b) || byPlace(a, b));
  const more = finding(checkErrors, 'document.more-findings', {
    source: 'xml',
    severity: 'info',
    values: { more: findings.length - most },
  });
  return [...gravest.slice(0, most).toSorted(byPlace), more];
}

function rank({ severity }: Finding): number {
  return ['error', 'warning', 'info'].indexOf(severity);
}
