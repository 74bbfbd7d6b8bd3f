import type { Config } from '../config.ts';

const HIDDEN = '•••';

/** Members that are secrets, or names of people, whatever they hold. Files of secrets are named, never read. */
const SECRET = new Set(['adminToken', 'user', 'password', 'passphrase', 'secret', 'token']);

/** Members whose path or parameters may be a secret: only the host is told. */
const ADDRESSES = new Set(['url', 'host']);

/** The configuration in force, without secrets, names of accounts and addresses of people. */
export function tellableSettings(config: Config): unknown {
  return told(config, '');
}

function told(value: unknown, name: string): unknown {
  if (value instanceof Set) return told([...value], name);
  if (value instanceof Map) return told(Object.fromEntries(value), name);
  if (Array.isArray(value)) return value.map((one) => told(one, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, member(key, one)]));
  return typeof value === 'string' ? withoutPeople(value) : value;
}

function member(name: string, value: unknown): unknown {
  if (value !== null && SECRET.has(name)) return HIDDEN;
  if (typeof value === 'string' && ADDRESSES.has(name)) return URL.parse(value)?.host || withoutPeople(value);
  return told(value, name);
}

/** An address of mail keeps its domain only: before it stands a person. */
function withoutPeople(text: string): string {
  return text.replace(/[^\s<>@]+@(?=[^\s<>@]+)/g, `${HIDDEN}@`);
}
