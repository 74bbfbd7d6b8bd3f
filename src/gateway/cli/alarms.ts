import type { PresentedAlarm } from '../../alarms/message.ts';
import { readConfig } from '../config.ts';
import { type Command, choice, EXIT, text, UsageError } from './command.ts';
import { idGiven, type Language, languageGiven, reasonGiven, runningCall } from './running-call.ts';

const LABELS = {
  fr: { none: 'aucune alarme ouverte', seen: 'vue par', silent: 'silence jusqu’au', since: 'depuis' },
  en: { none: 'no alarm is open', seen: 'seen by', silent: 'silent until', since: 'since' },
} as const;

export const alarms: Command = {
  summary: 'what is wrong and what to do; acknowledge or silence it',
  usage: `alarms [--state open|closed] [--lang fr|en]
       viaduc alarms acknowledge ID
       viaduc alarms silence ID --until INSTANT --reason TEXT

Lists alarms, newest first, with what to do about each. Acknowledged, an alarm is not told again until it grows worse; silenced,
nothing is told of it until the instant (ISO 8601 with offset, 31 days at most). Goes through the running gateway, as the holder
of VIADUC_TOKEN (else as the administrator).`,
  options: {
    ...{ state: { type: 'string' }, until: { type: 'string' }, reason: { type: 'string' } },
    lang: { type: 'string' },
  },
  async run(values, [verb = 'list', id]) {
    const language = languageGiven(values);
    const call = runningCall(readConfig(), language);
    if (verb === 'list') {
      const state = choice(values, 'state', ['open', 'closed'], 'open');
      const { items } = await call<{ items: PresentedAlarm[] }>(`alarms?state=${state}&limit=200`);
      if (items.length === 0) console.log(LABELS[language].none);
      for (const alarm of items) console.log(alarmText(alarm, language));
    } else if (verb === 'acknowledge') {
      const done = await call<PresentedAlarm>(`alarms/${idGiven(verb, id)}/acknowledge`, {});
      console.log(alarmText(done, language));
    } else if (verb === 'silence') {
      const until = text(values, 'until');
      if (until === undefined)
        throw new UsageError(
          '--until INSTANT: until when nothing is told of it, such as 2026-03-02T18:00:00Z',
        );
      const asked = { until, reason: reasonGiven(values) };
      const done = await call<PresentedAlarm>(`alarms/${idGiven(verb, id)}/silence`, asked);
      console.log(alarmText(done, language));
    } else throw new UsageError(`alarms, alarms acknowledge or alarms silence, not '${verb}'`);
    return EXIT.done;
  },
};

function alarmText(alarm: PresentedAlarm, language: Language): string {
  const { id, severity, kind, openedAt, title, details, whatToDo, acknowledged, silenced } = alarm;
  const label = LABELS[language];
  return [
    `${id}  ${severity}  ${kind}  ${label.since} ${openedAt}`,
    `  ${[title, ...details].map((one) => one[language]).join(' ')}`,
    ...(acknowledged ? [`  (${label.seen} ${acknowledged.by}, ${acknowledged.at})`] : []),
    ...(silenced ? [`  (${label.silent} ${silenced.until}, ${silenced.by} : ${silenced.reason})`] : []),
    ...whatToDo.map((step, index) => `  ${index + 1}. ${step[language]}`),
    '',
  ].join('\n');
}
