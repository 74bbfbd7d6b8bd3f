import { readFile } from 'node:fs/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { Clock } from '../../../words/clock.ts';
import { directoryError } from './errors.ts';
import { type Holder, listOf, objectOf, readHolder } from './holder.ts';
import { directoryLimits } from './limits.ts';
import { Pace } from './pace.ts';

export interface SearchOptions {
  /** FHIR base address, such as `https://gateway.api.esante.gouv.fr/fhir/v2`. */
  url: string;
  /** File that holds the key of the application; read at each question, so that a new one needs no restart. */
  keyFile: string;
  /** PEM; those of the platform when not given. */
  authorities?: string;
  clock: Clock;
}

/** Searches of the Annuaire Santé (FHIR R4), by whole pages, at the pace that it allows. */
export class DirectorySearch {
  readonly #options: SearchOptions;
  readonly #base: URL;
  readonly #agent: Agent;
  readonly #pace: Pace;

  /** @throws ViaducError `mssante.directory-address` */
  constructor(options: SearchOptions) {
    this.#options = options;
    this.#base = baseOf(options.url);
    const { authorities } = options;
    this.#agent = new Agent({ connect: { minVersion: 'TLSv1.2', ...(authorities && { ca: authorities }) } });
    this.#pace = new Pace(directoryLimits.callsPerSecond.value, options.clock);
  }

  /**
   * Every holder that a search finds.
   * @throws ViaducError `mssante.directory-…`
   */
  async find(
    kind: Holder['kind'],
    parameters: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Holder[]> {
    const key = await this.#key();
    const found: Holder[] = [];
    const query = new URLSearchParams({ ...parameters, _count: String(directoryLimits.perPage.value) });
    let page: URL | null = new URL(`${this.#base.href}/${kind}?${query}`);
    for (let count = 0; page; count += 1) {
      if (count === directoryLimits.pages.value) throw unusable(`more than ${count} pages`);
      const bundle: unknown = await this.#page(page, key, signal);
      found.push(...holdersIn(bundle, kind));
      page = this.#next(bundle);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #key(): Promise<string> {
    const text = await readFile(this.#options.keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw directoryError('mssante.directory-key-unreadable', { reason: String(error.code) }, error);
    });
    const key = text.trim();
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      throw directoryError('mssante.directory-key-unreadable', { reason: 'not one word' });
    return key;
  }

  async #page(page: URL, key: string, signal: AbortSignal): Promise<unknown> {
    const { status, text } = await this.#exchange(page, key, signal).catch((error: unknown) => {
      throw directoryError('mssante.directory-unavailable', { reason: reasonOf(error) }, error);
    });
    if (status === 401 || status === 403) throw directoryError('mssante.directory-key-refused', { status });
    if (status !== 200) throw directoryError('mssante.directory-unavailable', { reason: `HTTP ${status}` });
    if (text === null) throw unusable(`more than ${directoryLimits.answer.value} bytes`);
    return bundleOf(text);
  }

  /** The whole text of an answer; null when it is too long. */
  async #exchange(
    page: URL,
    key: string,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string | null }> {
    await this.#pace.turn(signal);
    const { statusCode: status, body } = await request(page, {
      ...{ dispatcher: this.#agent, signal },
      headers: { 'esante-api-key': key, accept: 'application/fhir+json', 'user-agent': 'viaduc' },
    });
    return { status, text: await readAll(body) };
  }

  /** The next page, on this server and below this base only: the key goes nowhere else. */
  #next(bundle: unknown): URL | null {
    const link = listOf(objectOf(bundle).link).find(({ relation }) => relation === 'next');
    if (!link) return null;
    const next = typeof link.url === 'string' ? URL.parse(link.url, `${this.#base.href}/`) : null;
    const inside =
      next?.origin === this.#base.origin &&
      (next.pathname === this.#base.pathname || next.pathname.startsWith(`${this.#base.pathname}/`));
    if (!inside) throw unusable('its next page is elsewhere');
    return next;
  }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function baseOf(text: string): URL {
  const url = URL.parse(text);
  const allowed =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (!url || !allowed || url.search || url.hash || url.username)
    throw directoryError('mssante.directory-address');
  return new URL(url.href.replace(/\/+$/, ''));
}

async function readAll(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > directoryLimits.answer.value) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function bundleOf(text: string): unknown {
  const json = parsed(text);
  if (objectOf(json).resourceType !== 'Bundle') throw unusable('it is no Bundle');
  return json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable('it is no JSON');
  }
}

function holdersIn(bundle: unknown, kind: Holder['kind']): Holder[] {
  const holders = listOf(objectOf(bundle).entry).map(({ resource }) => readHolder(resource));
  return holders.filter((one) => one?.kind === kind) as Holder[];
}

function unusable(reason: string) {
  return directoryError('mssante.directory-answer', { reason });
}

/** Never the message of a library: it may quote the address that was asked about. */
function reasonOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return name === 'TimeoutError' ? 'time-out' : typeof code === 'string' ? code : name;
}
