import { type ErrorCatalogue, fill, type Values, type Words } from './errors.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Which kind of check speaks: `xml` (bytes and well-formedness), `cda` (header), `xsd`, `schematron`, `ins`, `request`, `dmp`. */
export type FindingSource = 'xml' | 'cda' | 'xsd' | 'schematron' | 'ins' | 'request' | 'dmp' | 'mssante';

/** A place in a document. Lines and columns count from 1; a column counts UTF-16 code units. */
export interface Place {
  line: number | null;
  column: number | null;
  /** An XPath of local names with `[n]` only where n > 1, such as `/ClinicalDocument/recordTarget/patientRole/id[2]`. */
  location: string | null;
}

/** One problem of one document or request. It may quote the document: it is patient data and stays in encrypted stores. */
export interface Finding extends Place {
  code: string;
  severity: Severity;
  source: FindingSource;
  /** File name of the schema or Schematron without its ending, when one speaks. */
  schema: string | null;
  /** French, for the hospital; for a Schematron, the assertion's own text. */
  message: string;
  /** English, for the integrator. */
  detail: string;
  /** What to do about it, when there is something to say. */
  remedy: Words | null;
  /** Edition of the pack whose rule speaks. */
  pack: string | null;
  /** Which rule of the pack speaks, for whoever asks what it says: path of the Schematron, `#`, number of the assertion. */
  rule?: string;
  /** What that rule says, when it was asked for. */
  explained?: RuleText;
}

/** What a pack says of the rule behind a finding. */
export interface RuleText {
  /** The rule's context and the assertion's test, as the pack writes them once its parameters are filled in. */
  context: string;
  test: string;
  /** Path in the pack of the file that holds the assertion, and its line there, from 1. */
  file: string;
  line: number;
  kind: 'assert' | 'report';
  pattern: string | null;
}

export type Judgement = 'valid' | 'invalid' | 'not-judged';

/** A rule that could not be evaluated, and why. Nothing unchecked looks checked. */
export interface NotEvaluated {
  /** `schematron`, `xsd`, or the file name and identifier of one rule. */
  rule: string;
  reason: string;
}

/** One set of rules that a document was tried by. */
export interface ProfileTried {
  pack: string;
  /** Edition of the model; null when only the rules for every document were tried. */
  edition: string | null;
  /** Errors found by it. */
  errors: number;
}

/** Which rules a document was judged by, and why these. */
export interface Profile {
  /** Edition of the pack and the SHA-256 that names its content. */
  pack: string;
  sha256: string;
  /** Model of the document, such as `BIO-CR-BIO`; null when no model of the pack answers for it. */
  model: string | null;
  /** Edition of the model, the one that the document satisfies when it does not say its own. */
  edition: string | null;
  /** What told model and edition: the header, a processing instruction, the file's name, or who asked. */
  chosenBy: 'header' | 'instruction' | 'file-name' | 'request';
  /** Schematrons that judged, as paths in the pack. */
  schematrons: string[];
  /** No error among the rules that could be evaluated. */
  satisfied: boolean;
  /** Everything tried, newest first, when there was more than one. */
  tried: ProfileTried[];
}

/** All findings about a document and what follows from them. */
export interface Verdict {
  judgement: Judgement;
  findings: Finding[];
  notEvaluated: NotEvaluated[];
  /** Editions of the packs that judged, with the SHA-256 of their manifests. */
  packs: { id: string; sha256: string }[];
  /** Null while no pack could judge. */
  profile: Profile | null;
}

/** A finding takes its words from a room's catalogue; what varies is the place and the values. */
export function finding<C extends ErrorCatalogue>(
  entries: C,
  code: keyof C & string,
  about: {
    source: FindingSource;
    severity?: Severity;
    place?: Partial<Place>;
    values?: Values;
    schema?: string;
    pack?: string;
  },
): Finding {
  const entry = entries[code]!;
  return {
    code,
    severity: about.severity ?? 'error',
    source: about.source,
    schema: about.schema ?? null,
    message: fill(entry.message.fr, about.values, 'fr'),
    detail: fill(entry.message.en, about.values),
    remedy: { fr: fill(entry.remedy.fr, about.values, 'fr'), en: fill(entry.remedy.en, about.values) },
    pack: about.pack ?? null,
    line: about.place?.line ?? null,
    column: about.place?.column ?? null,
    location: about.place?.location ?? null,
  };
}

/** The judgement that findings lead to when every check ran: valid when none of them is an error. */
export function judge(findings: readonly Finding[]): 'valid' | 'invalid' {
  return findings.some((one) => one.severity === 'error') ? 'invalid' : 'valid';
}
