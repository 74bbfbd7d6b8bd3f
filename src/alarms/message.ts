import { instant } from '../words/clock.ts';
import type { Environment } from '../words/environment.ts';
import { fill, type Words } from '../words/errors.ts';
import { newId } from '../words/ids.ts';
import type { Severity } from '../words/incident.ts';
import type { Alarm, AlarmEvent } from './alarm.ts';
import { kindOf } from './kinds.ts';

/** Which installation speaks, and where the pages of what to do stand. */
export interface Installation {
  name: string;
  environment: Environment;
  /** Address to which `#` and the kind are added. */
  pages: string;
}

/** An alarm as the interface and the webhooks give it. */
export function presentAlarm(alarm: Alarm, pages: string) {
  const { id, kind, subject, establishment, severity, role, code, facts, observations } = alarm;
  const { means, steps } = kindOf(kind);
  const date = (ms: number | null) => (ms === null ? null : instant(ms));
  return {
    ...{ id, kind, subject, establishment, severity, role, code, facts },
    state: alarm.closedAtMs === null ? ('open' as const) : ('closed' as const),
    ...{ openedAt: instant(alarm.openedAtMs), lastSeenAt: instant(alarm.lastSeenAtMs), observations },
    ...{ calmSince: date(alarm.calmSinceMs), closedAt: date(alarm.closedAtMs), toldAt: date(alarm.toldAtMs) },
    acknowledged: alarm.acknowledged && {
      by: alarm.acknowledged.by,
      at: instant(alarm.acknowledged.atMs),
    },
    silenced: alarm.silenced && {
      ...{ by: alarm.silenced.by, reason: alarm.silenced.reason },
      until: instant(alarm.silenced.untilMs),
    },
    ...{ title: titleOf(alarm), details: detailsOf(alarm), means, whatToDo: [...steps] },
    page: `${pages}#${kind}`,
  };
}

export type PresentedAlarm = ReturnType<typeof presentAlarm>;

function titleOf({ kind, subject }: Alarm): Words {
  return both(kindOf(kind).title, { subject });
}

/** The sentences whose values are all known. */
function detailsOf({ kind, code, facts }: Alarm): Words[] {
  const values = { ...facts, ...(code === null ? {} : { code }) };
  const known = ({ en }: Words) =>
    [...en.matchAll(/\{(\w+)\}/g)].every(([, name]) => name !== undefined && name in values);
  return kindOf(kind)
    .details.filter(known)
    .map((detail) => both(detail, values));
}

function both({ fr, en }: Words, values: Record<string, string | number>): Words {
  return { fr: fill(fr, values, 'fr'), en: fill(en, values, 'en') };
}

/** What leaves for a channel: the same for all of them. */
export interface AlarmMessage {
  /** The same at each repetition. */
  id: string;
  event: AlarmEvent;
  at: string;
  installation: string;
  environment: Environment;
  alarm: PresentedAlarm;
}

export function messageOf(
  event: AlarmEvent,
  alarm: Alarm,
  { name, environment, pages }: Installation,
  nowMs: number,
): AlarmMessage {
  return {
    ...{ id: newId(nowMs), event, at: instant(nowMs), installation: name, environment },
    alarm: presentAlarm(alarm, pages),
  };
}

const EVENT_WORDS: Readonly<Record<AlarmEvent, Words>> = {
  opened: { fr: 'ouverte', en: 'open' },
  worse: { fr: 'aggravée', en: 'worse' },
  'still-open': { fr: 'toujours ouverte', en: 'still open' },
  closed: { fr: 'terminée', en: 'closed' },
};

const SEVERITY_WORDS: Readonly<Record<Severity, Words>> = {
  'call-now': { fr: 'À TRAITER TOUT DE SUITE', en: 'call now' },
  morning: { fr: 'à traiter demain matin', en: 'next morning' },
  information: { fr: 'pour information', en: 'for information' },
};

/** One line: state, sentence, installation. */
export function subjectLine({ event, installation, environment, alarm }: AlarmMessage): string {
  const test = environment === 'production' ? '' : `[${environment}] `;
  return `${test}${installation} : alarme ${EVENT_WORDS[event].fr}, ${alarm.title.fr}`;
}

/** The text of a mail: French, then English. */
export function mailText(message: AlarmMessage): string {
  return `${textIn('fr', message)}\n\n-- English --\n\n${textIn('en', message)}\n`;
}

const LABELS = {
  fr: {
    ...{ alarm: 'Alarme', since: 'Depuis', seen: 'Vue', until: 'Terminée', do: 'Que faire', page: 'Page' },
    ...{ role: 'À qui', establishment: 'Établissement', reference: 'Référence', times: 'fois' },
  },
  en: {
    ...{ alarm: 'Alarm', since: 'Since', seen: 'Seen', until: 'Over', do: 'What to do', page: 'Page' },
    ...{ role: 'For', establishment: 'Establishment', reference: 'Reference', times: 'times' },
  },
} as const;

function textIn(language: keyof Words, { event, alarm }: AlarmMessage): string {
  const label = LABELS[language];
  const colon = language === 'fr' ? ' :' : ':';
  const line = (name: string, value: string) => `${name}${colon} ${value}`;
  const steps = alarm.whatToDo.map((step, index) => `  ${index + 1}. ${step[language]}`);
  return [
    alarm.title[language],
    ...alarm.details.map((detail) => detail[language]),
    '',
    line(label.alarm, `${EVENT_WORDS[event][language]}, ${SEVERITY_WORDS[alarm.severity][language]}`),
    line(label.role, alarm.role),
    ...(alarm.establishment === null ? [] : [line(label.establishment, alarm.establishment)]),
    line(label.since, `${alarm.openedAt} (UTC)`),
    line(label.seen, `${alarm.observations} ${label.times}`),
    ...(alarm.closedAt === null ? [] : [line(label.until, `${alarm.closedAt} (UTC)`)]),
    '',
    alarm.means[language],
    ...(event === 'closed' ? [] : ['', `${label.do}${colon}`, ...steps]),
    '',
    line(label.page, alarm.page),
    line(label.reference, alarm.id),
  ].join('\n');
}
