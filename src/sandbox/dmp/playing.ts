import type { Answer, Outcome } from './answer.ts';
import { asMultipart, asPlain, errorAttributes, isFailure, writeFault, writeOutcome } from './answer.ts';
import { raise } from './errors.ts';
import type { FaultName } from './faults.ts';
import type { Endpoint } from './operations.ts';
import { type Problem, problem } from './report.ts';

/** What a fault may do with a request. */
export interface Stage {
  endpoint: Endpoint;
  relatesTo: string | null;
  /** Milliseconds of the rule, or its default. */
  delayMs: number;
  /** Judges and keeps, and resolves once it is committed. @throws ViaducError the fault to answer */
  process(): Promise<Outcome>;
  /** The outcome of a request that was not processed. */
  unprocessed(problems: Problem[]): Outcome;
  /** The usual form of an answer at this address. */
  write(status: number, text: string): Answer;
  wait(ms: number): Promise<void>;
  /** Gives the documents concerned a new version of their metadata. */
  drift(): Promise<void>;
}

/** What the peer sees: an answer, a reset connection, or nothing for ever. */
export type Ending = Answer | 'reset' | 'silence';

/** Plays a request without any fault. */
export async function playStraight(stage: Stage): Promise<Ending> {
  return stage.write(200, writeOutcome(await stage.process()));
}

const HTTP_OK = 200;

/** What each scripted fault does. */
export const PLAYS: Readonly<Record<FaultName, (stage: Stage) => Promise<Ending>>> = {
  async delay(stage) {
    const ending = await playStraight(stage);
    await stage.wait(stage.delayMs);
    return ending;
  },
  hang: async () => 'silence',
  'reset-before': async () => 'reset',
  async 'store-then-reset'(stage) {
    await stage.process();
    return 'reset';
  },
  'http-500': async () => page(500, 'text/plain', 'Internal Server Error\n'),
  'http-502-html': async () => proxyPage(502),
  'http-503-html': async () => proxyPage(503),
  'http-504-html': async () => proxyPage(504),
  'soap-fault': async (stage) => asPlain(500, scriptedFault(stage)),
  'soap-fault-multipart': async (stage) => asMultipart(500, scriptedFault(stage)),
  'registry-busy': async (stage) => {
    const errorCode = stage.endpoint === 'repository' ? 'XDSRepositoryBusy' : 'XDSRegistryBusy';
    return failed(stage, [{ ...problem('sandbox.busy'), errorCode }]);
  },
  'registry-error': async (stage) => failed(stage, [problem('sandbox.generic')]),
  async 'success-with-warning'(stage) {
    const outcome = await stage.process();
    outcome.problems.push({ ...problem('sandbox.odd-warning'), severity: 'Warning' });
    return stage.write(HTTP_OK, writeOutcome(outcome));
  },
  'several-errors': async (stage) =>
    failed(stage, [
      problem('sandbox.slot-missing', {}, { slot: 'creationTime', owner: 'DocumentEntry' }),
      problem('sandbox.hash-differs'),
      problem('sandbox.generic'),
    ]),
  async 'swapped-error-attributes'(stage) {
    const outcome = stage.unprocessed([problem('sandbox.hash-differs')]);
    const text = writeOutcome(outcome, (one) => {
      const { errorCode, codeContext } = errorAttributes(one);
      return { errorCode: codeContext, codeContext: errorCode };
    });
    return stage.write(HTTP_OK, text);
  },
  'unknown-error-code': async (stage) => failed(stage, [problem('sandbox.unheard-of')]),
  async 'truncated-multipart'(stage) {
    const answer = stage.write(HTTP_OK, writeOutcome(await stage.process()));
    return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length * 0.6)) };
  },
  async 'odd-boundary'(stage) {
    return asMultipart(HTTP_OK, writeOutcome(await stage.process()), "=_odd'(1)+_,-./:=? ok");
  },
  async 'entry-uuid-drift'(stage) {
    if (stage.endpoint === 'repository') await stage.drift();
    const outcome = await stage.process();
    if (outcome.transaction === 'iti-18' && !isFailure(outcome)) await stage.drift();
    return stage.write(HTTP_OK, writeOutcome(outcome));
  },
};

function failed(stage: Stage, problems: Problem[]): Answer {
  return stage.write(HTTP_OK, writeOutcome(stage.unprocessed(problems)));
}

function scriptedFault({ relatesTo }: Stage): string {
  return writeFault(raise('sandbox.scripted', { what: 'soap-fault' }), relatesTo);
}

/** What a proxy before the DMP answers. */
function proxyPage(status: number): Answer {
  const text = `<!DOCTYPE html><html><body><h1>${status} Service indisponible</h1></body></html>\n`;
  return page(status, 'text/html; charset=UTF-8', text);
}

function page(status: number, contentType: string, text: string): Answer {
  return { status, contentType, body: Buffer.from(text) };
}
