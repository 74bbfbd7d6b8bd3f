import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const KEY = 'cle-de-test';

interface Resource {
  resourceType: string;
  id: string;
  identifier?: { system: string; value: string }[];
  telecom?: { system: string; value: string }[];
  practitioner?: { reference: string };
  organization?: { reference: string };
  extension?: unknown[];
}

const NOS = 'https://mos.esante.gouv.fr/NOS';
const ANNUAIRE = 'https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition';

/** A telecom of MSSanté, with the sub-extensions given. */
export function mailbox(value: string, type: string, more: Record<string, unknown>[] = []) {
  const coding = { system: `${NOS}/TRE_R257-TypeBAL/FHIR/TRE-R257-TypeBAL`, code: type };
  return {
    ...{ system: 'email', value },
    extension: [
      {
        url: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type',
        valueCoding: { system: `${NOS}/TRE_R256-TypeMessagerie`, code: 'MSSANTE' },
      },
      {
        url: `${ANNUAIRE}/as-ext-mailbox-mss-metadata`,
        extension: [{ url: 'type', valueCodeableConcept: { coding: [coding] } }, ...more],
      },
    ],
  };
}

export const RPPS = '10003456789';

/** One physician with an activity in a hospital that has a service and a software. */
export const WORLD = [
  {
    ...{ resourceType: 'Practitioner', id: 'p1', name: [{ family: 'MARTIN', given: ['Anne'] }] },
    identifier: [{ system: 'urn:oid:1.2.250.1.71.4.2.1', value: `8${RPPS}` }],
    telecom: [
      mailbox('anne.martin@medecin.mssante.fr', 'PER', [{ url: 'digitization', valueBoolean: false }]),
    ],
  },
  {
    ...{ resourceType: 'PractitionerRole', id: 'r1' },
    practitioner: { reference: 'Practitioner/p1' },
    organization: { reference: 'Organization/o1' },
    extension: [
      {
        url: `${ANNUAIRE}/as-ext-practitionerrole-name`,
        valueHumanName: { family: 'MARTIN', given: ['Anne'] },
      },
    ],
    telecom: [mailbox('anne.martin@ch-test.mssante.fr', 'PER')],
  },
  {
    ...{ resourceType: 'Organization', id: 'o1', name: 'CH DE TEST' },
    identifier: [{ system: 'https://finess.esante.gouv.fr', value: '750000001' }],
    telecom: [
      { system: 'email', value: 'contact@ch-test.example' },
      { system: 'email', value: 'accueil@ch-test.mssante.fr' },
      mailbox('cardio@ch-test.mssante.fr', 'ORG', [
        { url: 'description', valueString: 'Cardiologie' },
        { url: 'listeRouge', valueBoolean: true },
      ]),
      mailbox('dpi@ch-test.mssante.fr', 'APP', [{ url: 'digitization', valueBoolean: true }]),
    ],
  },
] as const satisfies Resource[];

/** What a kind of resource may be searched by. Everything else is refused, as the true one refuses it. */
const PARAMETERS: Readonly<Record<string, (one: Resource, value: string) => boolean>> = {
  identifier: ({ identifier = [] }, value) =>
    identifier.some((one) => one.value === value || one.value === `8${value}`),
  'mailbox-mss:exact': ({ telecom = [] }, value) => telecom.some((one) => one.value === value),
  practitioner: ({ practitioner }, value) => practitioner?.reference === `Practitioner/${value}`,
  _id: ({ id }, value) => value.split(',').includes(id),
};

const PER_SECOND = 17;
const BASE = '/fhir/v2';

/** A directory on loopback that takes nothing but what the true one is known to take. */
export class Annuaire {
  readonly resources: Resource[] = [...WORLD];
  /** Addresses asked for, without their base. */
  readonly asked: string[] = [];
  /** Answers in place of the true one while it is set. */
  instead: ((response: ServerResponse, request: IncomingMessage) => void) | null = null;
  /** Entries of one page, whatever is asked for. */
  perPage = 50;
  readonly #times: number[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${BASE}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.url);
    this.asked.push(url.pathname.slice(BASE.length) + url.search);
    if (this.instead) {
      this.instead(response, request);
      return;
    }
    const status = this.#judge(request, url);
    send(response, status, status === 200 ? this.#bundle(url) : { resourceType: 'OperationOutcome' });
  }

  #judge({ method, headers }: IncomingMessage, { pathname, searchParams }: URL): number {
    const now = Date.now();
    this.#times.push(now);
    if (this.#times.filter((at) => at > now - 1000).length > PER_SECOND) return 429;
    if (headers['esante-api-key'] !== KEY) return 401;
    if (method !== 'GET' || !/^\/fhir\/v2\/(Practitioner|PractitionerRole|Organization)$/.test(pathname))
      return 404;
    const known = [...searchParams.keys()].every(
      (name) => name in PARAMETERS || /^_count$|^offset$/.test(name),
    );
    return known && searchParams.size > 1 ? 200 : 400;
  }

  #bundle(url: URL): unknown {
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const end = offset + Math.min(this.perPage, Number(url.searchParams.get('_count')));
    const found = this.resources.filter((one) => isWanted(one, url));
    const next = new URL(url);
    next.searchParams.set('offset', String(end));
    return {
      ...{ resourceType: 'Bundle', type: 'searchset' },
      link: [
        { relation: 'self', url: url.href },
        ...(end < found.length ? [{ relation: 'next', url: next.href }] : []),
      ],
      entry: found.slice(offset, end).map((resource) => ({ resource })),
    };
  }
}

function isWanted(one: Resource, { pathname, searchParams }: URL): boolean {
  if (pathname !== `${BASE}/${one.resourceType}`) return false;
  return [...searchParams].every(([name, value]) => PARAMETERS[name]?.(one, value) ?? true);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
}
