const PARIS = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'short',
  timeStyle: 'short',
  timeZone: 'Europe/Paris',
});
const DAY_DIGITS = 8;

/** A time of the registry, in UTC, as a person in France reads it; a date stays a date. */
export function dateOf(dtm: string): string {
  const [year, month, day] = [dtm.slice(0, 4), dtm.slice(4, 6), dtm.slice(6, 8)];
  if (dtm.length <= DAY_DIGITS) return [day, month, year].filter(Boolean).join('/');
  const part = (from: number) => Number(dtm.slice(from, from + 2) || 0);
  return PARIS.format(Date.UTC(Number(year), Number(month) - 1, Number(day), part(8), part(10), part(12)));
}
