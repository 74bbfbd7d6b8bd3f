import { truncatedPercent } from '../../indicators/figure.ts';
import { REACHES, type Reach } from '../../indicators/mail-reach.ts';
import type { IndicatorReport, MailFigures } from '../../indicators/report.ts';
import { textTable } from './table.ts';

/** The figures as a table for people: French first, as everything the hospital reads. */
export function asTable(report: IndicatorReport): string {
  const rows = report.indicators.map(
    ({ code, label, numerator, denominator, target, met, notComputableBecause }) => [
      code,
      label,
      notComputableBecause === undefined ? `${numerator}/${denominator}` : '—',
      notComputableBecause ?? `${percent(numerator, denominator)} %`,
      target === null ? '—' : `${target}`,
      met === null ? '—' : met ? 'oui' : 'non',
    ],
  );
  const mark = report.mark ? `${report.mark} · ` : '';
  const head = `${mark}${report.from} → ${report.to} · ${report.scope.level} ${report.scope.finess} · définition ${report.definition.id} ${report.definition.version}${report.definition.status === 'working' ? ' (définition de travail)' : ''}`;
  const table = textTable([['', 'Indicateur', 'Valeur', '%', 'Cible', 'Atteinte'], ...rows]);
  return [head, '', table, ...mailLines(report), ...reasons(report)].join('\n');
}

const REACH_FR: Readonly<Record<Reach, string>> = {
  accepted: "acceptés par l'opérateur",
  relayed: 'relayés',
  delivered: 'remis',
};

/** The three facts of each figure of mails, whichever of them counts. */
function mailLines({ indicators }: IndicatorReport): string[] {
  const lines = indicators.flatMap(({ code, mails }) => (mails ? [`${code} : ${mailLine(mails)}`] : []));
  return lines.length === 0 ? [] : ['', ...lines];
}

function mailLine({ counts, units, sendings, unconfirmed, bounced }: MailFigures): string {
  const three = (figures: Record<Reach, number>) =>
    REACHES.map((reach) => `${REACH_FR[reach]} ${figures[reach]}`).join(', ');
  const failures = `sans accusé ${unconfirmed}, en échec ${bounced}`;
  return `comptés une fois ${REACH_FR[counts]} · séjours : ${three(units)} · envois : ${three(sendings)}, ${failures}`;
}

/** Each reason that stands in a table, once, in words. */
function reasons({ indicators }: IndicatorReport): string[] {
  const said = indicators.flatMap(({ notComputableBecause: code, notComputableMessage: words }) =>
    code === undefined ? [] : [`${code} : ${words}`],
  );
  return said.length === 0 ? [] : ['', ...new Set(said)];
}

function percent(numerator: number | null, denominator: number | null): string {
  return numerator === null || denominator === null ? '—' : (truncatedPercent(numerator, denominator) ?? '—');
}

/** One line for each figure; those of mails in the last columns. */
export function asCsv(report: IndicatorReport): string {
  const head =
    'code;label;numerator;denominator;target;met;not_computable_because;from;to;scope;finess;variant;as_of;definition;definition_version;environment;mails_counts;mails_accepted;mails_relayed;mails_delivered;sendings_accepted;sendings_relayed;sendings_delivered;sendings_unconfirmed;sendings_bounced';
  const tail = [
    report.from,
    report.to,
    report.scope.level,
    report.scope.finess,
    report.variant,
    report.asOf,
    report.definition.id,
    report.definition.version,
    report.environment,
  ];
  const lines = report.indicators.map((one) =>
    [
      one.code,
      one.label,
      one.numerator,
      one.denominator,
      one.target,
      one.met,
      one.notComputableBecause,
      ...tail,
      ...mailCells(one.mails),
    ]
      .map((cell) => quoted(cell))
      .join(';'),
  );
  return [head, ...lines].join('\n');
}

/** Empty for a figure that is not of mails. */
function mailCells(mails: MailFigures | undefined): unknown[] {
  const three = (figures: Record<Reach, number> | undefined) => REACHES.map((reach) => figures?.[reach]);
  return [
    mails?.counts,
    ...three(mails?.units),
    ...three(mails?.sendings),
    mails?.unconfirmed,
    mails?.bounced,
  ];
}

function quoted(cell: unknown): string {
  const plain = cell === null || cell === undefined ? '' : String(cell);
  return /[";\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
