import { instantsIn, parseTime } from '../../cda/times.ts';
import type { Segment } from '../../hl7v2/message.ts';
import { instant } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { StayReference } from '../../words/request.ts';
import type { Remarks } from './remarks.ts';

/** The stay that PID-18 and PV1 name; null when they name none. */
export function readStay(
  { pid, pv1, structures }: { pid: Segment; pv1: Segment | null; structures: readonly string[] },
  establishment: Establishment,
  remarks: Remarks,
): StayReference | null {
  const number = pid.text(18).slice(0, 64) || null;
  const visit = pv1?.text(19).slice(0, 64) || null;
  if (number === null && visit === null) return null;
  return {
    finessEg: siteOf(pid, pv1, structures, establishment, remarks),
    number,
    visit,
    class: pv1?.text(2).toUpperCase().slice(0, 4) || null,
    admittedAt: pv1 ? instantText(pv1.text(44), establishment.zone) : null,
    dischargedAt: pv1 ? instantText(pv1.text(45), establishment.zone) : null,
  };
}

/**
 * The site of a stay: the first of the authorities of visit and file, the facility of PV1-3 and the structures of the
 * request that is a site of the establishment; else its first site, and it is told.
 */
export function siteOf(
  pid: Segment,
  pv1: Segment | null,
  structures: readonly string[],
  { sites, finessEj }: Establishment,
  remarks: Remarks,
): string {
  const authorities = [
    pv1?.text(19, 4, 2),
    pid.text(18, 4, 2),
    pv1?.text(3, 4, 2),
    pv1?.text(3, 4, 1),
    ...structures.map((id) => id.slice(-9)),
  ];
  const known = authorities.find((id) => sites.some(({ finessEg }) => finessEg === id));
  if (known) return known;
  const site = sites[0]?.finessEg ?? finessEj;
  if (sites.length > 1)
    remarks.add('message.visit-site-unknown', pv1?.place(19) ?? pid.place(18), { site }, 'warning');
  return site;
}

/** A time stamp as ISO 8601: the instant, or the day when no hour is given; null when it cannot be read. */
export function instantText(text: string, zone: string): string | null {
  const time = parseTime(text);
  if (!time || time.fields.length < 3) return null;
  return time.fields.length === 3 ? time.date : instant(instantsIn(time, zone).fromMs);
}
