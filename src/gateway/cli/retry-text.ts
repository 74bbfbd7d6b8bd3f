import type { Language } from './running-call.ts';
import { textTable } from './table.ts';

interface Cause {
  code: string | null;
  message: string | null;
  hold?: Held | null;
  count: number;
}

interface Held {
  origin: string;
  reason: string;
  by: string | null;
}

export interface Run {
  id: string;
  state: 'preview' | 'running' | 'paused' | 'stopped' | 'done';
  count: number;
  causes: Cause[];
  sample: {
    delivery: string;
    submission: string;
    sender: string;
    receivedAt: string;
    code: string | null;
    hold: Held | null;
  }[];
  pending: number;
  opened: number;
  skipped: Record<string, number>;
  outcomes: Record<string, number>;
  codes: Cause[];
}

interface Sentences {
  found(count: number): string;
  headings: readonly string[];
  nothing: string;
  started(id: string): string;
  progress(run: Pick<Run, 'opened' | 'pending'>): string;
  leftOut(count: number, why: string): string;
  /** States of a run, outcomes and origins of holds; what is not in it is said as the interface does. */
  words: Readonly<Record<string, string>>;
}

export const SENTENCES: Readonly<Record<Language, Sentences>> = {
  fr: {
    found: (count) => `${count} livraison(s)`,
    headings: ['livraison', 'émetteur', 'reçue', 'code', 'retenue'],
    nothing: 'rien n’a été fait : --yes avec --reason relance exactement celles-ci',
    started: (id) => `relance ${id} (viaduc retry --stop ${id} l’arrête)`,
    progress: ({ opened, pending }) => `${opened} relancée(s), ${pending} à venir`,
    leftOut: (count, why) => `${count} laissée(s) de côté (${why})`,
    words: {
      ...{ running: 'en cours', paused: 'en pause', stopped: 'arrêtée', done: 'terminée' },
      ...{ changed: 'changée depuis', gone: 'plus là' },
      ...{ delivered: 'remise(s)', refused: 'refusée(s)', cancelled: 'annulée(s)' },
      ...{
        superseded: 'remplacée(s)',
        unconfirmed: 'sans confirmation',
        parked: 'à traiter par une personne',
      },
      ...{ rule: 'règle', request: 'demande', person: 'personne' },
    },
  },
  en: {
    found: (count) => `${count} deliveries`,
    headings: ['delivery', 'sender', 'received', 'code', 'hold'],
    nothing: 'nothing was done: --yes with a --reason opens exactly these',
    started: (id) => `run ${id} (viaduc retry --stop ${id} stops it)`,
    progress: ({ opened, pending }) => `${opened} opened, ${pending} to come`,
    leftOut: (count, why) => `${count} left out (${why})`,
    words: {},
  },
};

/** What a filter found: how many, for which causes, and some of them. */
export function previewText({ count, causes, sample }: Run, language: Language): string {
  const { found, headings } = SENTENCES[language];
  const rows = sample.map(({ delivery, sender, receivedAt, code, hold }) => [
    ...[delivery, sender, receivedAt, code ?? '-', hold ? heldBy(hold, language) : '-'],
  ]);
  return [
    found(count),
    ...causes.map((cause) => causeText(cause, language)),
    ...(rows.length === 0 ? [] : [textTable([headings, ...rows])]),
  ].join('\n');
}

/** How far a run has come, and what became of what it opened. */
export function resultText(run: Run, language: Language): string {
  const { progress, leftOut } = SENTENCES[language];
  const said = (word: string) => wordOf(word, language);
  const left = Object.entries(run.skipped).map(([why, count]) => leftOut(count, said(why)));
  const became = Object.entries(run.outcomes).map(([outcome, count]) => `${count} ${said(outcome)}`);
  const colon = language === 'fr' ? ' :' : ':';
  const head = [`${said(run.state)}${colon} ${progress(run)}`, ...left, ...became].join(', ');
  return [head, ...run.codes.map((cause) => causeText(cause, language))].join('\n');
}

function causeText({ code, message, hold, count }: Cause, language: Language): string {
  const why = `${code ?? '-'}${message ? `: ${message}` : ''}`;
  return `  ${String(count).padStart(6)}  ${why}${hold ? ` (${heldBy(hold, language)})` : ''}`;
}

/** `rule: reason`, or `person Anne: reason`. */
function heldBy({ origin, reason, by }: Held, language: Language): string {
  const whence = wordOf(origin, language);
  return `${by === null ? whence : `${whence} ${by}`}: ${reason}`;
}

function wordOf(word: string, language: Language): string {
  return SENTENCES[language].words[word] ?? word;
}
