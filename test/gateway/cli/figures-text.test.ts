import { describe, expect, test } from 'vitest';
import { asCsv, asTable } from '../../../src/gateway/cli/figures-text.ts';
import { mail, mailed, receipt, report, stays, suiviContinu, told } from '../../indicators/facts.ts';

const mails = [
  mailed('S1'),
  told(mail('S2'), receipt('delivered')),
  mail('S3', { outcome: 'unconfirmed', finishedAt: '2022-06-20T13:00:00.000Z' }),
  told(mail('S4'), receipt('failed')),
];
const figures = report({ stays: stays(5), mails }, { definition: suiviContinu });

describe('figures of mails', () => {
  test('stand below the table with all three facts, whichever counts', () => {
    const lines = asTable(figures).split('\n');
    expect(lines.find((line) => line.startsWith('DS4.1  '))).toMatch(/ 2\/5 +40\.0 % /);
    expect(lines).toContain(
      "DS4.1 : comptés une fois relayés · séjours : acceptés par l'opérateur 3, relayés 2, remis 1 · " +
        "envois : acceptés par l'opérateur 3, relayés 2, remis 1, sans accusé 1, en échec 1",
    );
    expect(lines.some((line) => line.startsWith('DS1.1 :'))).toBe(false);
  });

  test('stand in columns of their own in the CSV, which are empty for others', () => {
    const [head, ...lines] = asCsv(figures)
      .split('\n')
      .map((line) => line.split(';'));
    const cells = (code: string) => {
      const line = lines.find(([first]) => first === code)!;
      return Object.fromEntries(head!.map((name, at) => [name, line[at]]));
    };
    expect(cells('DS4.1')).toMatchObject({
      ...{ numerator: '2', denominator: '5', mails_counts: 'relayed' },
      ...{ mails_accepted: '3', mails_relayed: '2', mails_delivered: '1' },
      ...{ sendings_accepted: '3', sendings_relayed: '2', sendings_delivered: '1' },
      ...{ sendings_unconfirmed: '1', sendings_bounced: '1' },
    });
    expect(cells('DS1.1')).toMatchObject({ mails_counts: '', mails_accepted: '', sendings_bounced: '' });
    expect(lines.every((line) => line.length === head!.length)).toBe(true);
  });
});
