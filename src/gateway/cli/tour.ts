import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndicatorFigures, IndicatorReport } from '../../indicators/report.ts';
import type { Gateway } from '../gateway.ts';
import { root } from '../product.ts';
import { asTable } from './figures-text.ts';
import { textTable } from './table.ts';

/** A sample with the request that goes with it and what the sandbox should make of it. */
interface Sample {
  file: string;
  title: { fr: string; en: string };
  request: object;
  expected: { door: 'accepted' | 'refused'; delivery: 'delivered' | 'refused' | null };
}

interface SampleList {
  stays: string;
  exams: string;
  samples: Sample[];
  figures: { from: string; to: string; scope: 'EJ' | 'EG'; finess: string }[];
}

/** What one sample came to. */
interface Outcome {
  sample: Sample;
  door: string;
  delivery: string;
  code: string;
  ms: number;
  asExpected: boolean;
}

const folder = join(root, 'samples');

/** Sends the samples through the doors of a running gateway and prints what became of them; true when all ended as they should. */
export async function tour(gateway: Gateway): Promise<boolean> {
  const token = process.env.VIADUC_ADMIN_TOKEN ?? gateway.newAdminToken;
  if (!token) {
    console.log(
      `viaduc: this data folder has its tokens already; set VIADUC_ADMIN_TOKEN to send the samples again.\nviaduc is ready at ${gateway.endpoints.http}`,
    );
    return true;
  }
  const client = clientOf(gateway.endpoints.http, token);
  const list = JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')) as SampleList;
  await client.csv('stays', list.stays);
  await client.csv('exams', list.exams);
  const outcomes: Outcome[] = [];
  for (const sample of list.samples) outcomes.push(await send(client, sample));
  console.log(`\n${outcomeTable(outcomes)}\n`);
  console.log(`${await figures(client, list)}\n`);
  console.log(`API        ${gateway.endpoints.http}/api/docs`);
  if (gateway.endpoints.mllp)
    console.log(
      `HL7 v2     ${gateway.endpoints.mllp} (MLLP ; essayer : npx viaduc sandbox send samples/messages/oru-letter.hl7)`,
    );
  if (gateway.endpoints.dmpAdmin)
    console.log(
      `DMP        ${gateway.endpoints.dmpAdmin} (ce que le simulateur a reçu, pannes à la demande)`,
      ...(gateway.endpoints.mail
        ? [`MSSanté    ${gateway.endpoints.mail}/mssante/page (boîtes et courriels de l'opérateur simulé)`]
        : []),
    );
  if (gateway.newAdminToken) console.log(`Jeton      ${gateway.newAdminToken} (montré une seule fois)`);
  return outcomes.every(({ asExpected }) => asExpected);
}

type Client = ReturnType<typeof clientOf>;

function clientOf(http: string, token: string) {
  const authorization = `Bearer ${token}`;
  return {
    async csv(kind: 'stays' | 'exams', file: string): Promise<void> {
      const answer = await fetch(`${http}/api/${kind}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'text/csv' },
        body: readFileSync(join(folder, file)),
      });
      if (!answer.ok) throw new Error(`${kind}: ${answer.status}`);
    },
    async submit(sample: Sample): Promise<{ status: number; body: Answered }> {
      const form = new FormData();
      form.set('request', JSON.stringify(sample.request));
      form.set(
        'document',
        new Blob([readFileSync(join(folder, sample.file))], { type: 'application/xml' }),
        'document.xml',
      );
      const answer = await fetch(`${http}/api/submissions`, {
        method: 'POST',
        headers: { authorization, prefer: 'wait=30' },
        body: form,
      });
      return { status: answer.status, body: (await answer.json()) as Answered };
    },
    async figures(query: URLSearchParams): Promise<IndicatorFigures> {
      const answer = await fetch(`${http}/api/indicators?${query}`, { headers: { authorization } });
      if (!answer.ok) throw new Error(`indicators: ${answer.status}`);
      return (await answer.json()) as IndicatorFigures;
    },
  };
}

/** Of an answer, what the table shows. */
interface Answered {
  code?: string;
  findings?: { code: string; severity: string; line: number | null }[];
  deliveries?: { state: string; outcome: string | null; code: string | null }[];
}

async function send(client: Client, sample: Sample): Promise<Outcome> {
  const began = performance.now();
  const { status, body } = await client.submit(sample);
  const ms = performance.now() - began;
  const accepted = status === 200 || status === 202;
  const [delivery] = body.deliveries ?? [];
  const door = accepted ? 'accepted' : 'refused';
  const became = delivery ? (delivery.outcome ?? delivery.state) : null;
  const [mistake] = (body.findings ?? []).filter(({ severity }) => severity === 'error');
  const code = accepted
    ? (delivery?.code ?? '')
    : `${mistake?.code ?? body.code ?? status}${mistake?.line ? ` (ligne ${mistake.line})` : ''}`;
  return {
    sample,
    door,
    delivery: became ?? '—',
    code,
    ms,
    asExpected: door === sample.expected.door && became === sample.expected.delivery,
  };
}

const DOOR: Readonly<Record<string, string>> = { accepted: 'accepté', refused: 'refusé' };
const BECAME: Readonly<Record<string, string>> = {
  delivered: 'déposé',
  refused: 'refusé par le DMP',
  parked: 'en attente d’une personne',
};

function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ sample, door, delivery, code, ms, asExpected }) => [
    ...[sample.title.fr, DOOR[door] ?? door, BECAME[delivery] ?? delivery, code, `${ms.toFixed(0)} ms`],
    asExpected ? '✓' : `attendu : ${sample.expected.delivery ?? sample.expected.door}`,
  ]);
  return textTable([['Document', 'À la porte', 'DMP', 'Code', 'Durée', ''], ...rows]);
}

async function figures(client: Client, { figures: asked }: SampleList): Promise<string> {
  const [first] = asked;
  const { from, to, scope, finess } = first!;
  const report = await client.figures(new URLSearchParams({ from, to, scope, finess }));
  return asTable(report as IndicatorReport);
}
