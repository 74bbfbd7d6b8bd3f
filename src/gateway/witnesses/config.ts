import { type Static, Type } from 'typebox';
import type { Environment } from '../../words/environment.ts';

const closed = { additionalProperties: false };
const authorities = Type.Optional(Type.String({ description: 'file, PEM; those of the system when absent' }));

const File = Type.Object({ kind: Type.Literal('file'), path: Type.String() }, closed);

const Syslog = Type.Object(
  {
    kind: Type.Literal('syslog'),
    host: Type.String(),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
    tls: Type.Optional(Type.Boolean({ description: 'true unless said otherwise' })),
    authorities,
  },
  closed,
);

const Timestamp = Type.Object(
  {
    kind: Type.Literal('timestamp'),
    url: Type.String({ pattern: '^https?://' }),
    path: Type.String({ description: 'file outside the data folder that keeps the stamps' }),
    everyMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })),
  },
  closed,
);

const Mail = Type.Object(
  {
    kind: Type.Literal('mail'),
    to: Type.Array(Type.String({ pattern: '^[^\\s@<>,;]+@[^\\s@<>,;]+$', maxLength: 254 }), { minItems: 1 }),
    everyMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })),
  },
  { ...closed, description: 'by the relay of alarms.mail' },
);

/** A member of `witnesses` in viaduc.yaml. */
export const WitnessSchema = Type.Union([File, Syslog, Timestamp, Mail]);

type Given = Static<typeof WitnessSchema>;

export type RemoteWitnessConfig =
  | { kind: 'syslog'; host: string; port: number; tls: boolean; authorities: string | null }
  | { kind: 'timestamp'; url: string; path: string; everyMs: number }
  | { kind: 'mail'; to: string[]; everyMs: number };

export interface WitnessesConfig {
  /** Files to which every seal is appended. */
  witnessFiles: string[];
  remoteWitnesses: RemoteWitnessConfig[];
  /** Every file on this machine that holds seals, for the verification. */
  evidenceFiles: string[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** The witnesses as configured; the sandbox has one beside the data folder. Paths become absolute by `from`. */
export function witnessesOf(
  given: readonly Given[] | undefined,
  environment: Environment,
  data: string,
  from: (path: string) => string,
): WitnessesConfig {
  const all =
    given ?? (environment === 'sandbox' ? [{ kind: 'file' as const, path: `${data}.witness.jsonl` }] : []);
  const witnessFiles = all.flatMap((one) => (one.kind === 'file' ? [from(one.path)] : []));
  const remoteWitnesses = all.flatMap((one) => remoteOf(one, from));
  const stamps = remoteWitnesses.flatMap((one) => (one.kind === 'timestamp' ? [one.path] : []));
  return { witnessFiles, remoteWitnesses, evidenceFiles: [...witnessFiles, ...stamps] };
}

function remoteOf(one: Given, from: (path: string) => string): RemoteWitnessConfig[] {
  switch (one.kind) {
    case 'file':
      return [];
    case 'syslog': {
      const { kind, host, tls = true, port = tls ? 6514 : 601, authorities: file } = one;
      return [{ kind, host, port, tls, authorities: file === undefined ? null : from(file) }];
    }
    case 'mail':
      return [{ kind: 'mail', to: one.to, everyMs: (one.everyMinutes ?? DAY_MINUTES) * MINUTE_MS }];
    case 'timestamp': {
      const { kind, url, path, everyMinutes = 60 } = one;
      return [{ kind, url, path: from(path), everyMs: everyMinutes * MINUTE_MS }];
    }
  }
}

/** Where a witness is, for the rule that nothing leaves loopback in the sandbox; null for mails, whose relay stands elsewhere. */
export function hostOf(witness: RemoteWitnessConfig): string | null {
  if (witness.kind === 'mail') return null;
  return witness.kind === 'timestamp' ? new URL(witness.url).hostname : witness.host;
}
