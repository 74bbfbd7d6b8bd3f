import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerAuthentication,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import { fill } from '../../words/errors.ts';
import { domainOf, isMatricule, isPatient, matriculeOf, plainAddress } from './addresses.ts';
import type { FaultSubject, ScriptedMailFault, Step } from './faults.ts';
import { certifiedFiness } from './identity.ts';
import { mailSandboxLimits } from './limits.ts';
import { type ReadMail, readMail } from './mail.ts';
import { judgeMail } from './mail-checks.ts';
import type { Mailbox } from './mailbox.ts';
import { take } from './operator.ts';
import { mailRefusals, type Reason, reason } from './refusals.ts';
import { later, type MailSimulation } from './simulation.ts';

type Done = (error?: Error | null) => void;

/** An SMTP server of submission, as a simulated operator runs it. */
export class Submission {
  readonly #simulation: MailSimulation;
  readonly #tls: TlsOptions | null;
  readonly #server: SMTPServer;
  /** FINESS of the client certificate, by session. */
  readonly #certified = new WeakMap<SMTPServerSession, string>();

  constructor(simulation: MailSimulation, tls: TlsOptions | null) {
    this.#simulation = simulation;
    this.#tls = tls;
    this.#server = new SMTPServer({
      ...tls,
      name: 'localhost',
      banner: 'bac a sable MSSante',
      hideDSN: false,
      size: simulation.sizeLimit,
      authOptional: true,
      authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
      allowInsecureAuth: tls === null,
      disabledCommands: tls === null ? ['STARTTLS'] : [],
      disableReverseLookup: true,
      maxClients: mailSandboxLimits.connections.value,
      closeTimeout: 0,
      onConnect: (session, done) => this.#step('connect', session, {}, done, done),
      onSecure: (socket, session, done) => this.#secure(certifiedFiness(socket), session, done),
      onAuth: (auth, _, done) => this.#login(auth, done),
      onMailFrom: (address, session, done) =>
        this.#step('mail', session, {}, () => this.#sender(address, session, done), done),
      onRcptTo: (address, session, done) => this.#recipient(address, session, done),
      onData: (stream, session, done) => void this.#data(stream, session, done),
    });
    // A connection that breaks off is the affair of its client; the listener is watched while it starts.
    this.#server.on('error', () => {});
  }

  async listen(port: number, host: string): Promise<number> {
    const server = this.#server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const connection of this.#server.connections) connection._socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #secure(finess: string | null, session: SMTPServerSession, done: Done): void {
    if (finess === null) {
      this.#refuse('connect', session, [reason('sandbox.mail-certificate')], done);
      return;
    }
    const fault = this.#simulation.faults.next('connect');
    if (fault) {
      this.#play(fault, 'connect', session, () => this.#enter(finess, session, done), done);
      return;
    }
    this.#enter(finess, session, done);
  }

  #enter(finess: string, session: SMTPServerSession, done: Done): void {
    this.#certified.set(session, finess);
    done();
  }

  #login(
    auth: SMTPServerAuthentication,
    done: (error: Error | null, answer?: { user: string }) => void,
  ): void {
    const box = this.#simulation.boxes.get(auth.username ?? '');
    const wanted = auth.method === 'XOAUTH2' ? box?.options.token : box?.options.password;
    const given = auth.method === 'XOAUTH2' ? auth.accessToken : auth.password;
    if (box?.kind === 'gateway' && (wanted === undefined || wanted === given)) {
      done(null, { user: plainAddress(box.address) });
      return;
    }
    done(smtpError([reason('sandbox.mail-login')]));
  }

  #sender({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    if (this.#tls && !session.secure) {
      this.#refuse('mail', session, [reason('sandbox.mail-needs-tls')], done);
      return;
    }
    const box = this.#simulation.boxes.get(address);
    const known = address === '' || (box && this.#mayUse(box, session));
    if (!known) {
      this.#refuse('mail', session, [reason('sandbox.mail-sender')], done);
      return;
    }
    done();
  }

  #mayUse({ kind, options }: Mailbox, session: SMTPServerSession): boolean {
    const certified = this.#tls === null || this.#certified.get(session) === options.finess;
    const secret = options.password !== undefined || options.token !== undefined;
    return kind === 'gateway' && certified && (!secret || session.user === plainAddress(options.address));
  }

  #recipient({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    const { boxes } = this.#simulation;
    const against = (): Reason | null => {
      if (!boxes.domains.has(domainOf(address))) return reason('sandbox.mail-domain');
      if (isPatient(address) && !isMatricule(matriculeOf(address)))
        return reason('sandbox.mail-patient-address');
      return isPatient(address) || boxes.get(address) ? null : reason('sandbox.mail-mailbox-unknown');
    };
    const judge = () => {
      const found = against();
      if (found) return this.#refuse('rcpt', session, [found], done, address);
      done();
    };
    this.#step('rcpt', session, { recipient: address, class: boxes.kindOf(address) }, judge, done);
  }

  async #data(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    const cut = this.#nextOf('data', session);
    const parts: Buffer[] = [];
    try {
      for await (const part of stream as AsyncIterable<Buffer>) {
        if (cut) return this.#reset(session);
        if (!stream.sizeExceeded) parts.push(part);
      }
    } catch {
      return;
    }
    if (cut) return this.#reset(session);
    if (stream.sizeExceeded) {
      this.#refuse(
        'end',
        session,
        [reason('sandbox.mail-too-large', { limit: this.#simulation.sizeLimit })],
        done,
      );
      return;
    }
    const raw = Buffer.concat(parts);
    const mail = await readMail(raw);
    const reasons = mail ? await this.#judge(raw, mail, session) : [reason('sandbox.mail-unreadable')];
    if (!mail || reasons.length > 0) this.#refuse('end', session, reasons, done);
    else this.#end(raw, mail, session, done);
  }

  async #judge(raw: Buffer, mail: ReadMail, { envelope }: SMTPServerSession): Promise<Reason[]> {
    const to = envelope.rcptTo.map(({ address }) => address);
    const limit = this.#simulation.patientSizeLimit;
    if (raw.length > limit && to.some(isPatient)) return [reason('sandbox.mail-too-large', { limit })];
    return judgeMail(mail, { from: senderOf(envelope), to });
  }

  #end(raw: Buffer, mail: ReadMail, session: SMTPServerSession, done: Done): void {
    const fault = this.#nextOf('end', session);
    const keep = () => this.#keep(raw, mail, session);
    const taken = () => {
      keep();
      done();
    };
    if (fault?.fault === 'cut-after-dot' || fault?.fault === 'slow-after-dot') keep();
    if (fault?.fault === 'slow-after-dot') later(this.#simulation, fault.delayMs ?? 0, () => done());
    else if (fault?.fault.startsWith('cut-after-dot')) this.#reset(session);
    else if (fault) this.#play(fault, 'end', session, taken, done);
    else taken();
  }

  #keep(raw: Buffer, mail: ReadMail, { envelope }: SMTPServerSession): void {
    for (const { address, dsn } of envelope.rcptTo) {
      take(
        {
          from: senderOf(envelope),
          recipient: address,
          notify: dsn?.notify ?? [],
          originalRecipient: dsn?.orcpt ?? null,
          envid: envelope.dsn?.envid ?? null,
          wholeReturned: envelope.dsn?.ret === 'FULL',
          raw,
          mail,
        },
        this.#simulation,
      );
    }
  }

  #nextOf(step: Step, { envelope }: SMTPServerSession): ScriptedMailFault | null {
    const [first] = envelope.rcptTo;
    const recipient = first?.address ?? '';
    return this.#simulation.faults.next(step, { recipient, class: this.#simulation.boxes.kindOf(recipient) });
  }

  /** Goes on with a step, unless a fault is scripted for it. Where TLS is spoken, connecting is over with the handshake. */
  #step(step: Step, session: SMTPServerSession, subject: FaultSubject, go: () => void, done: Done): void {
    const awaited = step === 'connect' && this.#tls !== null;
    const fault = awaited ? null : this.#simulation.faults.next(step, subject);
    if (fault) this.#play(fault, step, session, go, done);
    else go();
  }

  #play(fault: ScriptedMailFault, step: Step, session: SMTPServerSession, go: () => void, done: Done): void {
    switch (fault.fault) {
      case 'cut':
        this.#reset(session);
        return;
      case 'hang':
        return;
      case 'slow':
        later(this.#simulation, fault.delayMs ?? 0, go);
        return;
      case 'certificate-refused':
        this.#refuse(step, session, [reason('sandbox.mail-certificate')], done);
        return;
      case 'mailbox-full':
        done(Object.assign(new Error('4.2.2 Mailbox full'), { responseCode: 452 }));
        return;
      default:
        done(scripted(fault));
    }
  }

  #reset(session: SMTPServerSession): void {
    for (const connection of this.#server.connections)
      if (connection.session === session || connection.session.id === session.id)
        connection._socket.destroy();
  }

  #refuse(step: string, session: SMTPServerSession, reasons: Reason[], done: Done, recipient?: string): void {
    const { envelope } = session;
    const to = recipient === undefined ? envelope.rcptTo.map(({ address }) => address) : [recipient];
    this.#simulation.journal.refused({ step, from: senderOf(envelope), to, reasons });
    done(smtpError(reasons));
  }
}

function senderOf({ mailFrom }: SMTPServerSession['envelope']): string {
  return mailFrom ? mailFrom.address : '';
}

/** The reply for what is wrong: that of the first reason, with the codes of all. */
function smtpError(reasons: readonly Reason[]): Error & { responseCode: number } {
  const [first] = reasons;
  const { smtp, enhanced, message } = mailRefusals[first!.code];
  const codes = reasons.map(({ code }) => code).join(', ');
  const text = `${enhanced} ${fill(message.en, first!.values)} [${codes}]`;
  return Object.assign(new Error(text), { responseCode: smtp });
}

function scripted({ code = 451, status }: ScriptedMailFault): Error & { responseCode: number } {
  const enhanced = status ?? (code >= 500 ? '5.3.0' : '4.3.0');
  const text = `${enhanced} ${mailRefusals['sandbox.mail-scripted'].message.en} [sandbox.mail-scripted]`;
  return Object.assign(new Error(text), { responseCode: code });
}
