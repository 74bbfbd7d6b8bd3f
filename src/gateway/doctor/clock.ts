import type { Clock } from '../../words/clock.ts';
import type { Config } from '../config.ts';
import { askNtp } from '../ntp.ts';
import { doctorLimits } from './limits.ts';
import { found, type Line, ok } from './line.ts';

/** How far the clock of the machine is from that of the configured server of time; nothing without one. */
export async function lookAtClock({ ntp }: Config, clock: Clock): Promise<Line[]> {
  if (!ntp) return [];
  const ms = Math.round(Math.abs(await askNtp(ntp, clock)));
  const { skewWarnSeconds, skewErrorSeconds } = doctorLimits;
  const about = { server: ntp.host, seconds: Math.round(ms / 1000) };
  if (ms > skewErrorSeconds.value * 1000) return [found('clock', 'error', 'doctor.ntp-skew', about)];
  if (ms > skewWarnSeconds.value * 1000) return [found('clock', 'warning', 'doctor.ntp-skew', about)];
  return [
    ok(
      'clock',
      `l'horloge s'accorde avec ${ntp.host}, à ${ms} ms près`,
      `the clock agrees with ${ntp.host} within ${ms} ms`,
    ),
  ];
}
