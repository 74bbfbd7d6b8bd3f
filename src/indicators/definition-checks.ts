import type { Words } from '../words/errors.ts';
import type { DefinedIndicator, DefinitionFile } from './definition-schema.ts';
import { audienceOf, rulesAgree } from './rules.ts';
import { FLAG_NAMES } from './settings.ts';
import { dayNumber } from './zone.ts';

type Rules = Pick<DefinedIndicator, 'unit' | 'numerator' | 'counts'>;

/** What is wrong: the path of the member, and the words. */
type Wrong = [path: string, message: Words];

const wrong = (path: string, fr: string, en: string): Wrong => [path, { fr, en }];

/** What the form alone does not say: members of a definition that do not agree with one another. */
export function checkDefinition(file: DefinitionFile): Wrong[] {
  return [
    ...windowsInOrder(file),
    ...named(file.windows, '/windows', 'id'),
    ...named(file.indicators, '/indicators', 'code'),
    ...named(file.readings ?? [], '/readings', 'id'),
    ...file.indicators.flatMap((indicator, at) => checkIndicator(file, indicator, `/indicators/${at}`)),
    ...checkReadings(file),
  ];
}

function windowsInOrder({ windows }: DefinitionFile): Wrong[] {
  return windows.flatMap(({ from, to }, at) => {
    const [first, last] = [dayNumber(from), dayNumber(to)];
    const path = `/windows/${at}`;
    if (first === null || last === null || last < first)
      return [wrong(path, 'jours inexistants ou inversés', 'days that do not exist or are reversed')];
    const overlaps = windows.slice(0, at).some((other) => other.from <= to && from <= other.to);
    return overlaps ? [wrong(path, 'recouvre une autre fenêtre', 'overlaps another window')] : [];
  });
}

function named<K extends string>(items: readonly Record<K, string>[], path: string, key: K): Wrong[] {
  return items.flatMap((item, at) =>
    items.findIndex((other) => other[key] === item[key]) < at
      ? [wrong(`${path}/${at}/${key}`, `${item[key]} figure deux fois`, `${item[key]} stands twice`)]
      : [],
  );
}

function checkIndicator(file: DefinitionFile, indicator: DefinedIndicator, path: string): Wrong[] {
  const found = [...checkTargets(file, indicator, path), ...checkDocuments(indicator, path)];
  if (!rulesAgree(indicator.unit, indicator.denominator, indicator.date))
    found.push(
      wrong(
        path,
        'unité, dénominateur et date ne vont pas ensemble',
        'unit, denominator and date do not agree',
      ),
    );
  if (indicator.denominator === 'reported-exams' && !indicator.examKind)
    found.push(wrong(path, 'examKind manque', 'examKind is missing'));
  return [...found, ...checkMails(indicator, path)];
}

/** Mails are counted for stays, and nothing else comes more or less far. */
function checkMails({ unit, numerator, counts }: Rules, path: string): Wrong[] {
  const ofMails = audienceOf(numerator) !== null;
  if (ofMails && unit !== 'stay')
    return [wrong(`${path}/unit`, 'les courriels se comptent par séjour', 'mails are counted for stays')];
  if (ofMails || counts === undefined) return [];
  return [
    wrong(
      `${path}/counts`,
      'counts ne vaut que pour un numérateur de courriels',
      'counts is for a numerator of mails only',
    ),
  ];
}

function checkTargets(file: DefinitionFile, indicator: DefinedIndicator, path: string): Wrong[] {
  if (indicator.targets && indicator.target !== undefined)
    return [wrong(`${path}/target`, 'target ou targets, pas les deux', 'target or targets, not both')];
  return Object.keys(indicator.targets ?? {}).flatMap((id) =>
    file.windows.some((window) => window.id === id)
      ? []
      : [wrong(`${path}/targets/${id}`, `la fenêtre ${id} n'existe pas`, `there is no window ${id}`)],
  );
}

function checkDocuments(indicator: DefinedIndicator, path: string): Wrong[] {
  const fedByDocuments = indicator.numerator === 'units-fed' || indicator.numerator === 'documents-fed';
  const types = indicator.documents ?? [];
  if (fedByDocuments && types.length === 0)
    return [wrong(path, 'aucun type de document', 'no document type')];
  return types.flatMap(({ code, when }, at) => {
    const place = `${path}/documents/${at}`;
    const refused = indicator.refused?.find((one) => one.code === code);
    if (refused) return [[`${place}/code`, refused.why] satisfies Wrong];
    if (when === undefined || (FLAG_NAMES as readonly string[]).includes(when)) return [];
    return [
      wrong(`${place}/when`, `${when} n'est pas un réglage oui/non`, `${when} is no yes-or-no setting`),
    ];
  });
}

function checkReadings(file: DefinitionFile): Wrong[] {
  return (file.readings ?? []).flatMap(({ indicators }, at) =>
    Object.entries(indicators ?? {}).flatMap(([code, overlay]) => {
      const path = `/readings/${at}/indicators/${code}`;
      const base = file.indicators.find((indicator) => indicator.code === code);
      if (!base) return [wrong(path, `l'indicateur ${code} n'existe pas`, `there is no indicator ${code}`)];
      const rules = { ...base, ...overlay };
      return rulesAgree(rules.unit, rules.denominator, rules.date)
        ? checkMails(rules, path)
        : [
            wrong(
              path,
              'unité, dénominateur et date ne vont pas ensemble',
              'unit, denominator and date do not agree',
            ),
          ];
    }),
  );
}
