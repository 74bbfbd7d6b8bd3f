import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { validationLimits } from '../limits.ts';

/** What a form depends on, beside its name: the pack by its content, and the compiler by its own. */
export interface CacheKey {
  /** Folder of the cache. */
  folder: string;
  /** SHA-256 of the content of the pack, lower-case hexadecimal. */
  packSha256: string;
}

/**
 * Keeps what was made of a pack on disk: compiled rules, and indexes over its documents. A form that is not whole, or was
 * made of other content or by another compiler, is not found; a cache that cannot be written costs time and nothing else.
 */
export class CompiledForms {
  readonly #key: CacheKey | null;

  /** @param key null to keep nothing */
  constructor(key: CacheKey | null) {
    this.#key = key;
  }

  /** The form kept under a name, or null. */
  get<T>(name: string): T | null {
    const file = this.#fileOf(name);
    if (file === null) return null;
    try {
      const text = readFileSync(file, 'utf8');
      const form = text.slice(DIGEST_LENGTH + 1);
      return text.slice(0, DIGEST_LENGTH) === sha256(form) ? (JSON.parse(form) as T) : null;
    } catch {
      return null;
    }
  }

  /** Keeps a form, whole or not at all. */
  keep(name: string, form: unknown): void {
    const file = this.#fileOf(name);
    if (file === null) return;
    const text = JSON.stringify(form);
    try {
      mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
      const own = `${file}.${process.pid}.${threadId}.new`;
      writeFileSync(own, `${sha256(text)}\n${text}`, { mode: 0o600 });
      renameSync(own, file);
    } catch {
      return;
    }
  }

  #fileOf(name: string): string | null {
    if (!this.#key) return null;
    const { folder, packSha256 } = this.#key;
    return join(folder, 'rules', sha256(`${compilerSha256()}\n${packSha256}\n${name}`));
  }
}

const DIGEST_LENGTH = 64;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

let compiler: string | null = null;

/** SHA-256 over the source of the compiler and its limits: what another version of it made is made again. */
function compilerSha256(): string {
  const room = join(import.meta.dirname, '..');
  const parts = ['schematron', 'xpath', 'regex'].map((part) => join(room, part));
  compiler ??= sha256(`${sourceSha256(parts)}\n${JSON.stringify(validationLimits)}`);
  return compiler;
}

/** SHA-256 over the source files in folders, lower-case hexadecimal. */
export function sourceSha256(folders: readonly string[]): string {
  return sha256(folders.map(sourceOf).join());
}

function sourceOf(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files
    .sort()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}
