import { rmSync } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { OUT_OF_TIME, openChecks } from '../checks/pool.ts';
import { alarmRoutes } from '../console/api/alarms.ts';
import { conformanceRoutes } from '../console/api/conformance.ts';
import { destinationRoutes } from '../console/api/destinations.ts';
import { directoryRoutes } from '../console/api/directory.ts';
import { documentRoutes } from '../console/api/documents.ts';
import { factRoutes } from '../console/api/facts.ts';
import { indicatorRoutes } from '../console/api/indicators.ts';
import { ledgerRoutes } from '../console/api/ledger.ts';
import { noticeRoutes } from '../console/api/notices.ts';
import { packRoutes } from '../console/api/packs.ts';
import { personRoutes } from '../console/api/persons.ts';
import { retryRoutes } from '../console/api/retries.ts';
import { tokenRoutes } from '../console/api/tokens.ts';
import { whiteListRoutes } from '../console/api/white-list.ts';
import { withdrawalRoutes } from '../console/api/withdrawals.ts';
import { worklistRoutes } from '../console/api/worklist.ts';
import { type Reassessing, reassessParked } from '../delivery/reassess.ts';
import type { RetryTools } from '../delivery/retries/retries.ts';
import type { Sending } from '../delivery/scheduler.ts';
import { Definitions } from '../indicators/catalog.ts';
import { LedgerFacts } from '../indicators/ledger-facts.ts';
import { Admission } from '../intake/admission.ts';
import { deliveryRoutes } from '../intake/http/deliveries.ts';
import { holdRoutes } from '../intake/http/holds.ts';
import { mailRoutes } from '../intake/http/mails.ts';
import { type HttpIntake, submissionRoutes } from '../intake/http/submissions.ts';
import { validateRoutes } from '../intake/http/validate.ts';
import { intakeLimits } from '../intake/limits.ts';
import { adtHandler } from '../intake/mllp/adt/handler.ts';
import { documentHandler } from '../intake/mllp/document-messages.ts';
import type { Handlers } from '../intake/mllp/handler.ts';
import type { Receiver } from '../intake/receive.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { GATEWAY_CHAIN, openSqliteLedger } from '../ledger/sqlite/store.ts';
import { verifyApart } from '../ledger/sqlite/verify-apart.ts';
import { type Clock, systemClock } from '../words/clock.ts';
import type { DestinationKind } from '../words/delivery.ts';
import type { Incidents } from '../words/incident.ts';
import type { Installation } from '../xds/sending.ts';
import { type Alarms, openAlarms } from './alarms/alarms.ts';
import { raiseFailure, raiseNotJudged } from './alarms/raising.ts';
import { doorCertificates, watchEnds } from './certificate-ends.ts';
import { type Config, readText } from './config.ts';
import { conformanceOf } from './conformance.ts';
import { type Delivering, prepareDelivering, UNKNOWN_FEEDING } from './delivering.ts';
import { openDmpAccesses } from './dmp-access.ts';
import { type DoorTls, type RenewableDoor, watchDoorTls } from './door-tls.ts';
import { type Endpoints, writeEndpoints } from './endpoints.ts';
import { gatewayError } from './errors.ts';
import { HttpGate, Tokens } from './http/auth.ts';
import { healthRoutes } from './http/health.ts';
import { makeHttpServer } from './http/server.ts';
import { keepRegularly } from './keeping.ts';
import { makeLog, nameOf } from './log.ts';
import { type MailLeg, openMailLeg } from './mail-leg.ts';
import { type MailReception, openReception } from './mail-reception.ts';
import { watchMails } from './mail-taking.ts';
import { type OpenMllp, openMllp } from './mllp.ts';
import { Monitoring } from './monitoring.ts';
import { type NoticeQueues, startNotices } from './notices.ts';
import { watchClock } from './ntp.ts';
import { PackKeeping } from './pack-keeping.ts';
import { editionsOf, keepConfigured, readActivations, rulesInForce } from './packs.ts';
import { root } from './product.ts';
import { openSandbox } from './sandbox.ts';
import { sandboxMssante } from './sandbox-mail.ts';
import { sealRegularly } from './sealing.ts';
import { Settling } from './settling.ts';
import { ValueSetKeeping } from './value-sets.ts';
import { openWaiting } from './waiting.ts';
import { openCouriers } from './witnesses/couriers.ts';

export interface Gateway {
  endpoints: Endpoints;
  ledger: Ledger;
  /** Where incidents are reported. */
  incidents: Incidents;
  /** The administrator's token, when it was made at this start; shown once. */
  newAdminToken: string | null;
  /** Takes nothing more, lets what runs end, seals, closes. Ends within 30 seconds. */
  close(): Promise<void>;
}

/** Puts the rooms together and opens the doors. The only place where they meet. */
export async function startGateway(config: Config, clock: Clock = systemClock): Promise<Gateway> {
  const closing: (() => Promise<void> | void)[] = [];
  try {
    return await start(config, clock, closing);
  } catch (error) {
    for (const close of closing.toReversed()) await close();
    throw error;
  }
}

async function start(
  config: Config,
  clock: Clock,
  closing: (() => Promise<void> | void)[],
): Promise<Gateway> {
  const log = makeLog(config);
  const installation: Installation = { sourceId: config.oidRoot, product: config.product };
  keepConfigured(config);
  const rules = rulesInForce(config, readActivations(config), clock.now());
  const alarms = openAlarms(config, clock, log);
  closing.push(() => alarms.close());
  const valueSets = new ValueSetKeeping(config, clock, (code, values) =>
    log.warn({ code, ...values }, 'a value set needs attention'),
  );
  closing.push(() => valueSets.stop());
  // Workers and simulators start while the ledger is opened.
  const opening = {
    checks: openChecks({
      ...{ environment: config.environment, rules, installation, valueSets: valueSets.sets },
      ...{ workers: config.checks.workers, budgetMs: config.checks.budgetMs },
      onFailure: (reason) => {
        const code = reason === OUT_OF_TIME ? 'checks.out-of-time' : 'checks.failed';
        log.error({ code, reason }, 'a check failed to run');
        raiseNotJudged(alarms.desk, code);
      },
    }),
    sandbox: config.environment === 'sandbox' ? openSandbox(config) : null,
  };
  // Whoever fails first is told; that the others fail too must not end the process before they are closed.
  opening.checks.catch(() => {});
  opening.sandbox?.catch(() => {});
  closing.push(async () => (await opening.checks.catch(() => null))?.close());
  closing.push(async () => (await opening.sandbox?.catch(() => null))?.stop());
  const monitoring = new Monitoring(config, clock);
  const ledger = await openLedger(config, clock, monitoring);
  closing.push(() => ledger.close());
  // Both halves of the ledger must answer: without its writer nothing can be taken.
  const readLedger = () => Promise.all([ledger.of(GATEWAY_CHAIN).lastSeq(), ledger.witnessFailures()]);
  alarms.start(readLedger);
  const [checks, sandbox] = await Promise.all([opening.checks, opening.sandbox]);
  valueSets.watch((sets) => checks.takeValueSets(sets));
  // Asked when the workers have read the packs: from here on what they found is kept.
  for (const { id, sha256, problems } of editionsOf(rules))
    if (problems > 0)
      log.warn({ pack: id, sha256, problems }, 'a pack is not whole; verdicts name what is missing');
  const attention = (code: string, values: object) =>
    log.warn({ code, ...values }, 'a certificate needs attention');
  const accesses = openDmpAccesses(config, sandbox?.dmp ?? null, clock, attention, alarms.desk);
  closing.push(() => accesses.close());
  const certificates = () => [...accesses.certificates(), ...doorCertificates(config)];
  closing.push(watchEnds(certificates, clock, alarms.desk));
  closing.push(watchClock(config, clock, alarms.desk));
  const notices = startNotices(config, clock, ledger, log, alarms.desk);
  closing.push(() => notices.stop());
  const mssante = config.mssante ?? (sandbox?.mail ? sandboxMssante(config, sandbox.mail) : null);
  const mail =
    mssante &&
    (await openMailLeg(mssante, {
      ...{ config, clock, ledger, installation, valueSets, log, incidents: alarms.desk },
    }));
  closing.push(() => mail?.close());
  const delivering = await prepareDelivering({
    ...{ config, clock, ledger, accesses, installation, valueSets, mail, log, incidents: alarms.desk },
    onTurn: ({ establishment }) => {
      settling.look(establishment);
      notices.poke();
    },
  });
  const { scheduler, destinations, waitingFor } = delivering;
  const goOn = (kind: DestinationKind) =>
    destinations.reconfigured(kind, 'credentials reloaded').catch((error: unknown) => {
      log.error({ error: nameOf(error) }, 'a parked destination could not be resumed');
      raiseFailure(alarms.desk, 'delivery', error);
    });
  accesses.onReloaded = () => goOn('dmp');
  if (mail) mail.onReloaded = () => goOn('mssante');
  const settling = new Settling(ledger, waitingFor);
  closing.push(() => scheduler.stop());
  const waiting = openWaiting(config, clock, ledger, scheduler, alarms.desk);
  closing.push(() => waiting.stop());
  const tokens = await openTokens(config, ledger);
  const newAdminToken = await firstAdminToken(config, clock, tokens);
  const packs = new PackKeeping({ config, clock, ledger, checks, rules });
  const admission = new Admission();
  const receiver: Receiver = {
    ...{ ledger, checks: monitoring.metrics.times.checks(checks), clock, environment: config.environment },
    holds: config.holds,
    ...(mail && { mail: mail.open }),
    onAccepted: (_submission, to = []) => {
      for (const destination of to) destinations.arrived(destination);
      scheduler.poke();
      notices.poke();
    },
  };
  const reception =
    mail && openReception(mail, { config, clock, ledger, checks, log, incidents: alarms.desk });
  closing.push(() => reception?.stop());
  const app = await makeServer({
    ...{ config, clock, log, ledger, delivering, settling, tokens, packs, notices },
    ...{
      receiver,
      admission,
      alarms,
      valueSets,
      readLedger,
      monitoring,
      mail,
      reception,
      retries: waiting.retries,
    },
  });
  const http = await listen(app, config.http);
  closing.push(() => closeServer(app));
  const reassessing = reassessingOf(config, clock, ledger, scheduler, notices);
  for (const { id } of config.establishments)
    reassessParked(reassessing, id).catch((error: unknown) =>
      log.error({ error: nameOf(error) }, 'what waits for its patient could not be assessed again'),
    );
  const handlers = handlersOf(config, receiver, reassessing);
  const mllp = await openMllp({
    ...{ config, clock, admission, handlers: monitoring.metrics.times.handlers(handlers, monitoring.heard) },
    onFailure: (error, about) => {
      log.error({ ...about, error: nameOf(error) }, 'a message was not taken');
      raiseFailure(alarms.desk, 'mllp', error);
    },
    onTrouble: (what, about) => log.warn(about, what),
  });
  closing.push(() => mllp.close());
  closing.push(watchDoorTls(doorsOf(config, app, mllp), clock, attention));
  const stopSealing = sealRegularly(
    ...([ledger, openCouriers(config, ledger, clock), clock, log, alarms.desk] as const),
    monitoring.sealed,
  );
  closing.push(stopSealing);
  closing.push(keepRegularly(config, clock, ledger, log, alarms.desk));
  const { setBack: onSetBack } = waiting;
  closing.push(
    await monitoring.start({ ledger, alarms, admission, destinations, log, certificates, onSetBack }),
  );
  scheduler.start();
  notices.poke();
  waiting.start();
  reception?.poke();
  if (mail && reception)
    closing.push(
      watchMails(mail, { clock, ledger, log, incidents: alarms.desk, reception }, (establishment) => {
        settling.look(establishment);
        scheduler.poke();
        notices.poke();
      }),
    );
  const endpoints = {
    pid: process.pid,
    ...{ http, mllp: mllp.plain, mllps: mllp.secure },
    dmp: sandbox?.dmp?.dmp ?? config.dmp.url,
    dmpAdmin: sandbox?.dmp?.admin ?? null,
    mail: sandbox?.mail?.control ?? null,
  };
  writeEndpoints(config.data, endpoints);
  closing.push(() => rmSync(join(config.data, 'endpoints.json'), { force: true }));
  log.info({ http, mllp: mllp.plain, mllps: mllp.secure, environment: config.environment }, 'ready');
  return { endpoints, ledger, incidents: alarms.desk, newAdminToken, close: () => closeAll(closing) };
}

/** The doors whose certificates may be renewed. */
function doorsOf({ http, mllp }: Config, app: FastifyInstance, { renew }: OpenMllp): RenewableDoor[] {
  const server = app.server as HttpsServer;
  return [
    ...(http.tls ? [{ files: http.tls, renew: (tls: DoorTls) => server.setSecureContext(tls) }] : []),
    ...(mllp.tls ? [{ files: mllp.tls, renew }] : []),
  ];
}

/** What messages about patients need to assess again what waits; what becomes due by it leaves at once. */
function reassessingOf(
  config: Config,
  clock: Clock,
  ledger: Ledger,
  scheduler: Sending,
  notices: NoticeQueues,
): Reassessing {
  const establishments = new Map(config.establishments.map((one) => [one.id, one]));
  return {
    ...{ ledger, clock },
    interrupt: (delivery) => scheduler.interrupt(delivery),
    feeding: (establishment) => establishments.get(establishment) ?? UNKNOWN_FEEDING,
    onDecided: () => {
      scheduler.poke();
      notices.poke();
    },
  };
}

/** What takes each type of HL7 v2 message. */
function handlersOf(config: Config, receiver: Receiver, reassessing: Reassessing): Handlers {
  const documents = documentHandler(receiver, config.mllp);
  return { ORU: documents, MDM: documents, ADT: adtHandler(reassessing) };
}

/** In reverse of the order in which things were opened: doors first, the ledger last. */
async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}

async function openLedger(config: Config, clock: Clock, monitoring: Monitoring): Promise<Ledger> {
  const { data: folder, keyFile, environment, product: named, witnessFiles } = config;
  const establishments = config.establishments.map(({ id }) => id);
  return openSqliteLedger({
    folder,
    keyFile,
    environment,
    product: named,
    establishments,
    witnessFiles,
    nowMs: clock.now(),
    observe: monitoring.appended,
  });
}

async function openTokens(config: Config, ledger: Ledger): Promise<Tokens> {
  const tokens = new Tokens(ledger);
  const everything = config.establishments.map(({ id }) => ({ establishment: id, role: 'admin' as const }));
  if (config.adminToken)
    tokens.addFixed(config.adminToken, { token: 'admin', name: 'admin', grants: everything, sender: null });
  for (const { id, establishment, tokenFile } of config.senders) {
    if (tokenFile === null) continue;
    const caller = {
      token: `sender ${id}`,
      name: id,
      grants: [{ establishment, role: 'sender' as const }],
      sender: id,
    };
    tokens.addFixed(readText(tokenFile).trim(), caller);
  }
  await tokens.reload();
  return tokens;
}

/** A ledger that nobody may enter yet gets an administrator's token; it is shown once and kept as a digest. */
async function firstAdminToken(config: Config, clock: Clock, tokens: Tokens): Promise<string | null> {
  if (config.adminToken || tokens.list().some(({ grants }) => grants.some(({ role }) => role === 'admin')))
    return null;
  const grants = config.establishments.map(({ id }) => ({ establishment: id, role: 'admin' as const }));
  const { token } = await tokens.issue(clock.now(), 'admin', grants, null);
  return token;
}

interface ServerParts {
  config: Config;
  clock: Clock;
  log: Logger;
  ledger: Ledger;
  receiver: Receiver;
  admission: Admission;
  delivering: Delivering;
  settling: Settling;
  tokens: Tokens;
  packs: PackKeeping;
  valueSets: ValueSetKeeping;
  notices: NoticeQueues;
  alarms: Alarms;
  readLedger(): Promise<unknown>;
  monitoring: Monitoring;
  /** Null while MSSanté is not open. */
  mail: MailLeg | null;
  reception: MailReception | null;
  retries: RetryTools;
}

async function makeServer(parts: ServerParts): Promise<FastifyInstance> {
  const { config, clock, log, ledger, delivering, settling, tokens, packs, notices } = parts;
  const { scheduler, destinations, waitingFor } = delivering;
  const { receiver, admission, alarms, readLedger, retries, mail } = parts;
  const { environment, establishments, senders } = config;
  const gate = new HttpGate(tokens, establishments, senders, environment === 'sandbox');
  const intake: HttpIntake = {
    ...{ gate, receiver, admission },
    commands: { ledger, clock, interrupt: (delivery) => scheduler.interrupt(delivery) },
    senderOf: (request, establishment, named) => gate.senderOf(request, establishment, named),
    settled: (establishment, submission, withinMs) => settling.wait(establishment, submission, withinMs),
    waitingFor,
    notFound: () => gatewayError('http.not-found'),
  };
  const definitions = await Definitions.load(join(root, 'profiles', 'indicators'));
  const keeping = {
    ...{ gate, senders, list: () => tokens.list() },
    issue: (name: string, grants: Parameters<Tokens['issue']>[2], sender: string | null) =>
      tokens.issue(clock.now(), name, grants, sender),
    revoke: (id: string, by: string) => tokens.revoke(clock.now(), id, by),
  };
  return makeHttpServer({
    ...{ config: config.http, log, gate },
    routes: [
      submissionRoutes(intake),
      validateRoutes(intake),
      deliveryRoutes(intake),
      holdRoutes(intake),
      mailRoutes(intake, () => parts.reception?.poke()),
      retryRoutes({ gate, tools: retries }),
      indicatorRoutes({ gate, clock, environment, definitions, facts: new LedgerFacts(ledger) }),
      factRoutes({ gate, ledger, clock }),
      noticeRoutes({ gate, ledger, clock, onResumed: () => notices.poke() }),
      destinationRoutes({
        ...{ gate, ledger, clock, destinations },
        interrupt: (id) => scheduler.interruptAt(id),
      }),
      worklistRoutes({ gate, ledger, clock }),
      alarmRoutes({ gate, desk: alarms.desk, store: alarms.store, pages: config.alarms.pages }),
      withdrawalRoutes({
        ...{ gate, commands: intake.commands, about: { environment, product: config.product } },
        onDecided: () => {
          scheduler.poke();
          notices.poke();
        },
      }),
      ledgerRoutes({ gate, ledger, verify: (establishment) => verifyNow(config, establishment) }),
      documentRoutes({ gate, ledger, clock }),
      personRoutes({ gate, ledger, clock }),
      tokenRoutes(keeping),
      packRoutes({ gate, packs, establishments: establishments.length }),
      directoryRoutes({ gate, directory: mail?.directory ?? null }),
      whiteListRoutes({
        ...{ gate, whiteList: mail?.whiteList ?? null, establishments: establishments.length },
        onAccepted: (about) => log.warn(about, 'a white list that lost many domains was taken by a person'),
      }),
      conformanceRoutes(() => conformanceOf(config, definitions, packs.inForce, parts.valueSets.inForce)),
    ],
    open: [healthRoutes(readLedger), parts.monitoring.route(gate)],
    onAnswered: parts.monitoring.answered(alarms.desk),
  });
}

function verifyNow({ data: folder, keyFile, evidenceFiles }: Config, establishment: string) {
  return verifyApart({ folder, keyFile, witnessFiles: evidenceFiles, establishment });
}

async function listen(app: FastifyInstance, { host, port, tls }: Config['http']): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw gatewayError('config.port-taken', { host, port, setting: 'VIADUC_HTTP_PORT' }, error);
  }
  const { port: real } = app.server.address() as AddressInfo;
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${real}`;
}

/** Lets what was begun be answered; a body that is still on its way after the drain time was promised nothing. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), intakeLimits.doorDrainMs.value);
  await app.close();
  clearTimeout(timer);
}
