import { Histogram, type Registry } from 'prom-client';
import type { Checks } from '../../checks/checked.ts';
import type { Handler, Handlers } from '../../intake/mllp/handler.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How long senders wait for their answer, and checks take. */
export class TimeMetrics {
  readonly #http: Histogram;
  readonly #mllp: Histogram;
  readonly #checks: Histogram;

  constructor(registry: Registry) {
    const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Histogram({
        ...{ name: `viaduc_${name}`, help, labelNames, buckets: SECONDS, registers: [registry] },
      });
    this.#http = histogram('http_request_seconds', 'From the first byte of a request to its answer', [
      ...['method', 'route', 'status'],
    ]);
    this.#mllp = histogram('mllp_message_seconds', 'From a whole message to its acknowledgement', [
      ...['type', 'acknowledgement'],
    ]);
    this.#checks = histogram('check_seconds', 'Checking of one document, without waiting for a worker', [
      'judgement',
    ]);
  }

  /** @param route as it was registered, never the address that was asked for */
  readonly http = (method: string, route: string | undefined, status: number, elapsedMs: number): void => {
    this.#http.observe(
      { method, route: route ?? 'unknown', status: `${Math.floor(status / 100)}xx` },
      elapsedMs / 1000,
    );
  };

  /** The same handlers, timed; `heard` is told of every message of a known sender. */
  handlers(handlers: Handlers, heard: (establishment: string, sender: string) => void): Handlers {
    const timed = Object.entries(handlers).map(([type, handler]) => [
      type,
      this.#timed(type, handler, heard),
    ]);
    return Object.fromEntries(timed) as Handlers;
  }

  /** The same checks, timed. */
  checks(checks: Checks): Pick<Checks, 'judge'> {
    return {
      judge: async (question) => {
        const checked = await checks.judge(question);
        this.#checks.observe({ judgement: checked.verdict.judgement }, checked.ms / 1000);
        return checked;
      },
    };
  }

  #timed(type: string, handler: Handler, heard: (establishment: string, sender: string) => void): Handler {
    return async (incoming) => {
      const end = this.#mllp.startTimer({ type });
      heard(incoming.establishment.id, incoming.sender.id);
      try {
        const answer = await handler(incoming);
        end({ acknowledgement: answer.code });
        return answer;
      } catch (error) {
        end({ acknowledgement: 'AR' });
        throw error;
      }
    };
  }
}
