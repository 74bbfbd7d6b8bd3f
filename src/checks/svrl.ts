import type { Finding } from '../words/findings.ts';
import { HL7_NS } from '../xml/names.ts';
import { type Markup, xml } from '../xml/writer.ts';
import type { Checked } from './checked.ts';

const SVRL_NS = 'http://purl.oclc.org/dsdl/svrl';

/**
 * A verdict as an SVRL report (ISO/IEC 19757-3, annex D): one `schematron-output` for the document, one `active-pattern` for
 * each schema or kind of check, each with what it was fired on and what failed. Assertions of Schematrons carry their own
 * context and test when the findings were explained. A schema without findings stands with the document as its only context.
 */
export function svrl(file: string, { verdict }: Checked): Markup {
  const { profile, notEvaluated, judgement, findings } = verdict;
  const edition = profile ? `${profile.pack} ${profile.sha256}` : 'no pack';
  return xml`<svrl:schematron-output xmlns:svrl="${SVRL_NS}" xmlns:cda="${HL7_NS}" title="${file}: ${judgement}" schemaVersion="${edition}">
  ${notEvaluated.map(({ rule, reason }) => xml`<svrl:text>not evaluated: ${rule} (${reason})</svrl:text>\n  `)}<svrl:ns-prefix-in-attribute-values uri="${HL7_NS}" prefix="cda"/>
${groupsOf(file, checked(findings, profile?.schematrons ?? []))}</svrl:schematron-output>
`;
}

/** Findings by the schema that speaks, or by the kind of check; schemas that said nothing have none. */
function checked(findings: readonly Finding[], schematrons: readonly string[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const path of schematrons) groups.set(path.replace(/^.*\//, '').replace(/\.sch$/, ''), []);
  for (const one of findings) {
    const name = one.schema ?? one.source;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return groups.size > 0 ? groups : new Map([['document', []]]);
}

function groupsOf(file: string, groups: ReadonlyMap<string, readonly Finding[]>): Markup[] {
  return [...groups].map(
    ([name, findings]) => xml`  <svrl:active-pattern document="${file}" name="${name}"/>
${findings.length === 0 ? xml`  <svrl:fired-rule context="/"/>\n` : findings.map(failed)}`,
  );
}

function failed(one: Finding): Markup {
  const { context, test } = one.explained ?? { context: '/', test: one.code };
  const kind = one.explained?.kind === 'report' ? 'successful-report' : 'failed-assert';
  const location = locationOf(one.location);
  const body = xml`test="${test}" id="${idOf(one)}" role="${one.severity}" location="${location}">
    <svrl:text>${one.message}</svrl:text>`;
  return xml`  <svrl:fired-rule context="${context}"/>
  ${kind === 'failed-assert' ? xml`<svrl:failed-assert ${body}\n  </svrl:failed-assert>` : xml`<svrl:successful-report ${body}\n  </svrl:successful-report>`}
`;
}

/** A code made an NCName, as `id` demands. */
function idOf({ code }: Finding): string {
  return code.replace(/[^\w.-]/g, '-').replace(/^(?![A-Za-z_])/, '_');
}

/** An XPath 2.0 that finds the place whatever the namespaces: `/*:ClinicalDocument/*:component[2]`. */
function locationOf(location: string | null): string {
  if (location === null) return '/';
  return location.replace(/\/(?=[^@/\s()]+(?:\[|\/|$))/g, '/*:');
}
