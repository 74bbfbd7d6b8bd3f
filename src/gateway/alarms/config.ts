import { type Static, Type } from 'typebox';
import type { AlarmPolicy } from '../../alarms/desk.ts';

const closed = { additionalProperties: false };
const minutes = Type.Optional(
  Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 44_640 }), Type.Null()]),
);

/** `alarms` of viaduc.yaml. */
export const AlarmsSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    pages: Type.Optional(Type.String({ description: 'address of the pages of what to do' })),
    calmMinutes: Type.Optional(Type.Number({ minimum: 0, maximum: 1440 })),
    remindMinutes: Type.Optional(
      Type.Object(
        { callNow: minutes, morning: minutes, information: minutes },
        { ...closed, description: 'between two reminders; null: none' },
      ),
    ),
  },
  closed,
);

export interface AlarmsConfig {
  /** Which installation speaks. */
  name: string;
  /** Address of the pages of what to do. */
  pages: string;
  policy: AlarmPolicy;
}

const MINUTE_MS = 60_000;

export function alarmsOf(given: Static<typeof AlarmsSchema> = {}): AlarmsConfig {
  const { name = 'viaduc', pages = 'docs/alarms.md', calmMinutes = 5, remindMinutes = {} } = given;
  const { callNow = 60, morning = 1440, information = null } = remindMinutes;
  const ms = (one: number | null) => one && one * MINUTE_MS;
  return {
    ...{ name, pages },
    policy: {
      remindMs: { 'call-now': ms(callNow), morning: ms(morning), information: ms(information) },
      calmMs: calmMinutes * MINUTE_MS,
    },
  };
}
