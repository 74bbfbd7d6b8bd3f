import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentenceOf } from '../../src/delivery/sentence.ts';
import { asTable } from '../../src/gateway/cli/figures-text.ts';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

let running: RunningGateway;

beforeAll(async () => {
  running = await startTestGateway();
});

afterAll(() => running.close());

const inEnglish = { 'accept-language': 'en-GB,en;q=0.9' };

describe('where a person looks a code stands with its sentence', () => {
  test('of a delivery, in the language asked for', async () => {
    const { document } = freshLetter();
    const { body } = await running.submit(document, 'to=dmp&operation=delete');
    expect(body.deliveries[0]).toMatchObject({
      code: 'delivery.target-unknown',
      message: expect.stringContaining('Rien n’a été supprimé'),
      remedy: expect.stringContaining('Vérifier'),
    });
    const english = await running.call(`/api/submissions/${body.id}`, { headers: inEnglish });
    expect(english.body.deliveries[0].message).toContain('Nothing was deleted');
  });

  test('of a row of stays, in the language asked for', async () => {
    const csv = 'finess_eg;stay_no;class;discharged_at\n0B0000012;S1;I;soon\n';
    const send = (headers: Record<string, string>) =>
      running.call('/api/stays', {
        method: 'POST',
        headers: { 'content-type': 'text/csv', ...headers },
        body: csv,
      });
    const french = await send({});
    const english = await send(inEnglish);
    expect(french.body.errors).toMatchObject([{ line: 2, column: 'discharged_at' }]);
    const [[fr], [en]] = [french.body.errors, english.body.errors];
    expect([fr.code, en.code]).toEqual(['indicators.csv-time-invalid', 'indicators.csv-time-invalid']);
    expect([fr.message, en.message]).toEqual([
      "La date n'est pas lisible, ou n'existe pas.",
      'The date cannot be read, or does not exist.',
    ]);
    expect([fr.remedy, en.remedy]).toEqual([
      expect.stringMatching(/^Écrire AAAA/),
      expect.stringMatching(/^Write YYYY/),
    ]);
  });

  test('of a figure that cannot be computed, in the answer and below the table', async () => {
    const { body } = await running.call('/api/indicators?period=2022-05');
    const [figure] = body.indicators.filter(
      (one: { notComputableBecause?: string }) => one.notComputableBecause === 'denominator-unknown',
    );
    expect(figure.notComputableMessage).toMatch(/dénominateur inconnu\.$/);
    const said = asTable(body).match(/^denominator-unknown : .*dénominateur inconnu\.$/gm);
    expect(said).toHaveLength(1);
  });
});

test('what varied in a sentence is left out of it', () => {
  expect(sentenceOf('delivery.budget-spent')!.message.fr).toBe(
    'La destination a échoué trop de fois pour ce document.',
  );
  expect(sentenceOf('delivery.dmp-no-answer')!.message.en).toBe(
    'The request left whole, but the answer of the DMP did not arrive.',
  );
  expect(sentenceOf('delivery.superseded')!.remedy!.en).toContain('the newer version is sent');
  expect(sentenceOf('delivered')).toBeNull();
});
