import type { Values } from '../../words/errors.ts';
import type { Answer } from './answer.ts';
import { type DmpResult, meaningOf, meaningOfText } from './codes.ts';
import { type DmpErrorCode, sentence } from './errors.ts';
import { dmpLimits } from './limits.ts';
import { type RegistryError, type RegistryResponse, readRegistryResponse } from './registry-response.ts';
import type { SoapFault } from './soap.ts';

/** Which layer decided: only `registry` speaks about the document itself. */
export type DmpLayer = 'transport' | 'http' | 'soap' | 'registry';

export interface DmpOutcome {
  result: DmpResult;
  /** The DMP's own code when it gave one, else one of `dmpErrors`, else `delivered`. */
  code: string;
  /** The DMP's text or a sentence of ours. May name the patient: never logged, never outside encrypted stores. */
  detail: string;
  layer: DmpLayer;
  httpStatus: number | null;
  /** The answer as received, or what arrived of it. */
  raw: Uint8Array | null;
  /** RegistryErrors of severity warning: the request was carried out all the same. */
  warnings: RegistryError[];
}

/** Whether a lost answer leaves doubt: a request that changes something may have been carried out, a query changes nothing. */
export type Effect = 'changes' | 'reads';

/**
 * What an answer means, layer by layer (transport, HTTP, SOAP, RegistryResponse). HTTP 200 by itself proves nothing, nor does
 * a success that came with another status.
 */
export function outcomeOf(answer: Answer, effect: Effect): DmpOutcome {
  const outcome = judge(answer, effect);
  return effect === 'reads' && outcome.result === 'ambiguous' ? { ...outcome, result: 'transient' } : outcome;
}

function judge(answer: Answer, effect: Effect): DmpOutcome {
  switch (answer.kind) {
    case 'failure':
      return ours(answer.code, answer.values, {
        layer: 'transport',
        httpStatus: answer.status,
        raw: answer.raw,
        result: FAILURES[answer.code] ?? (answer.sent ? 'ambiguous' : 'transient'),
      });
    case 'http':
      return httpOutcome(answer);
    case 'unreadable':
      return ours(
        'delivery.dmp-unreadable',
        { status: answer.status, reason: answer.reason },
        doubtful(answer),
      );
    case 'stray':
      return ours('delivery.dmp-other-answer', {}, doubtful(answer));
    case 'fault':
      return faultOutcome(answer);
    case 'content':
      return registryOutcome(answer, effect);
  }
}

const FAILURES: Readonly<Partial<Record<DmpErrorCode, DmpResult>>> = {
  'delivery.dmp-tls': 'configuration',
  'delivery.dmp-server-revoked': 'configuration',
  'delivery.dmp-revocation-unknown': 'transient',
};

interface Circumstances {
  result: DmpResult;
  layer: DmpLayer;
  httpStatus: number | null;
  raw: Uint8Array | null;
}

function ours(code: DmpErrorCode, values: Values, circumstances: Circumstances): DmpOutcome {
  return { code, detail: sentence(code, values), warnings: [], ...circumstances };
}

function doubtful({ status, raw }: { status: number; raw: Uint8Array }): Circumstances {
  return { result: 'ambiguous', layer: 'soap', httpStatus: status, raw };
}

/**
 * A page without SOAP. 503 and 429 say that the request was not handled. 502 and 504 come from a front end that lost sight
 * of the service: when the whole request had left, it may have been carried out. 500 and what is not known here likewise.
 */
function httpOutcome({ status, sent, raw }: Extract<Answer, { kind: 'http' }>): DmpOutcome {
  const about = { layer: 'http', httpStatus: status, raw } as const;
  if (status === 413) return ours('delivery.dmp-too-large', {}, { ...about, result: 'refused' });
  if (status === 503 || status === 429 || status === 408 || (status >= 500 && !sent))
    return ours('delivery.dmp-unavailable', { status }, { ...about, result: 'transient' });
  if (status >= 500) {
    const reason = 'no SOAP in it';
    return ours('delivery.dmp-unreadable', { status, reason }, { ...about, result: 'ambiguous' });
  }
  const result = MISCONFIGURED.has(status) || status < 400 ? 'configuration' : 'unknown';
  return ours('delivery.dmp-http-refused', { status }, { ...about, result });
}

/** No certificate or right, wrong path, method or media type, a proxy that asks who we are: every request would meet the same. */
const MISCONFIGURED = new Set([401, 403, 404, 405, 407, 410, 415]);

/** A fault whose DMP code is known means what the table says. A Receiver fault is the server's own trouble. */
function faultOutcome({ status, fault, sent, raw }: Extract<Answer, { kind: 'fault' }>): DmpOutcome {
  const code = (fault.subcode ?? '').slice(0, dmpLimits.code.value);
  const known = meaningOf(code);
  return {
    result: known?.result ?? faultResult(fault, sent),
    code: known || code.startsWith('DMP') ? code : 'delivery.dmp-fault',
    detail: faultDetail(fault),
    layer: 'soap',
    httpStatus: status,
    raw,
    warnings: [],
  };
}

/**
 * A Sender fault that calls something invalid or denied comes from what stands around the document: VIHF, certificate, rights, headers. So each
 * document is suspected to meet the same; whether it is so, the next document tells. Any other says nothing.
 */
function faultResult({ code, subcode }: SoapFault, sent: boolean): DmpResult {
  if (code === 'Receiver') return sent ? 'ambiguous' : 'transient';
  return BLAMES_US.has(code) && /^DMP(Invalid|Access)/.test(subcode ?? '') ? 'configuration' : 'unknown';
}

const BLAMES_US = new Set(['Sender', 'MustUnderstand', 'VersionMismatch']);

function faultDetail({ code, subcode, reason }: SoapFault): string {
  const name = subcode ? `${code}/${subcode}` : code;
  return `${sentence('delivery.dmp-fault', { fault: name })} ${reason}`
    .trim()
    .slice(0, dmpLimits.detail.value);
}

function registryOutcome(
  { status, content, raw }: Extract<Answer, { kind: 'content' }>,
  effect: Effect,
): DmpOutcome {
  const response = readRegistryResponse(
    content,
    effect === 'reads' ? 'AdhocQueryResponse' : 'RegistryResponse',
  );
  const about = { layer: 'registry', httpStatus: status, raw } as const;
  if (!response) {
    const reason = `${content.name.local} is not the response of this transaction, or has no status`;
    return ours('delivery.dmp-unreadable', { status, reason }, { ...about, result: 'ambiguous' });
  }
  const warnings = response.errors.filter(({ severity }) => severity === 'warning');
  const errors = response.errors.filter(({ severity }) => severity === 'error');
  return { ...statusOutcome(response, errors, about), warnings };
}

/** Whether HTTP itself says that the request was carried out. */
export function isSuccess(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

type About = Omit<Circumstances, 'result'>;

function statusOutcome(
  { status, statusUri }: RegistryResponse,
  errors: RegistryError[],
  about: About,
): DmpOutcome {
  if (status === 'Success' && errors.length === 0 && isSuccess(about.httpStatus))
    return { ...about, result: 'delivered', code: 'delivered', detail: '', warnings: [] };
  if (status !== 'Failure')
    return ours(
      'delivery.dmp-contradiction',
      { status: statusUri, http: about.httpStatus ?? 0 },
      { ...about, result: 'ambiguous' },
    );
  const decisive = errors.toSorted((a, b) => weight(a) - weight(b))[0];
  if (!decisive) return ours('delivery.dmp-no-reason', { status }, { ...about, result: 'unknown' });
  const result = resultOf(decisive);
  return { ...about, result, code: decisive.code, detail: detailOf(errors), warnings: [] };
}

/**
 * Which of several errors decides. Another content under the same identifier comes before "already there", which it would
 * make wrongly true; "already there" before complaints that follow from it; what no repetition mends before what it may.
 */
const ORDER: readonly DmpResult[] = [
  'already-there',
  'configuration',
  'refused',
  'unknown',
  'ambiguous',
  'transient',
];

function weight(error: RegistryError): number {
  if (error.code.startsWith('XDSNonIdentical')) return -1;
  return ORDER.indexOf(resultOf(error));
}

function resultOf({ code, context }: RegistryError): DmpResult {
  return meaningOf(code)?.result ?? meaningOfText(context) ?? 'unknown';
}

/** Every error with its text, the decisive one being named by the code. */
function detailOf(errors: readonly RegistryError[]): string {
  const all = errors.map(({ code, context }) => (context === '' ? code : `${code}: ${context}`));
  return all.join(' | ').slice(0, dmpLimits.detail.value);
}
