import { Type } from 'typebox';
import { count, nullable, one, open, text, words } from './answer-shapes.ts';

const both = open({ fr: text(), en: text() });
export const ListedAlarm = open({
  ...{ id: text(), kind: text(), subject: text(), establishment: nullable(text('null: the installation')) },
  ...{
    severity: one('call-now', 'morning', 'information'),
    role: text(),
    code: words,
    facts: Type.Object({}),
  },
  ...{ state: one('open', 'closed'), openedAt: text(), lastSeenAt: text(), observations: count },
  ...{ calmSince: words, closedAt: words, toldAt: words },
  acknowledged: nullable(open({ by: text(), at: text() })),
  silenced: nullable(open({ by: text(), reason: text(), until: text() })),
  ...{ title: both, details: Type.Array(both), means: both, whatToDo: Type.Array(both), page: text() },
});
