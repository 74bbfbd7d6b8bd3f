import { createMailControl } from './control.ts';
import { mailTls } from './identity.ts';
import { ImapServer } from './imap/server.ts';
import { type MailSimulation, type MailSimulationOptions, openMailSimulation } from './simulation.ts';
import { Submission } from './submission.ts';

export interface MailWorldOptions extends MailSimulationOptions {
  /** Port of submission (SMTP); 0 (default) takes a free one. */
  smtpPort?: number;
  /** Port of IMAP; 0 (default) takes a free one. */
  imapPort?: number;
  /** Port of the control and its page, HTTP; 0 (default) takes a free one. */
  controlPort?: number;
  /** Address all servers listen on, 127.0.0.1 by default. */
  host?: string;
  /** Folder that `makeSandboxCertificates` filled; without it nothing is encrypted and no certificate is asked for. */
  certificates?: string;
}

/** An operator with its mailboxes and correspondents that runs on this machine. */
export interface MailWorld {
  host: string;
  smtpPort: number;
  imapPort: number;
  /** Base address of the control, `/mssante/…` to be added. */
  controlUrl: string;
  simulation: MailSimulation;
  /** Cuts every connection, stops listening and drops what was still to come. */
  close(): Promise<void>;
}

/** Starts a simulated operator of MSSanté, as strict as real ones are known to be (specification sheet mssante-xdm). */
export async function startMailWorld(options: MailWorldOptions): Promise<MailWorld> {
  const { host = '127.0.0.1', smtpPort = 0, imapPort = 0, controlPort = 0, certificates } = options;
  const simulation = openMailSimulation(options);
  const tls = certificates === undefined ? null : mailTls(certificates);
  const submission = new Submission(simulation, tls);
  const imap = new ImapServer(simulation, tls);
  const control = createMailControl(simulation);
  const close = async (): Promise<void> => {
    for (const cancel of simulation.pending) cancel();
    control.server.closeAllConnections();
    await Promise.all([submission.close(), imap.close(), control.close()]);
  };
  try {
    const ports = {
      smtpPort: await submission.listen(smtpPort, host),
      imapPort: await imap.listen(imapPort, host),
    };
    const controlUrl = await control.listen({ host, port: controlPort });
    return { host, ...ports, controlUrl, simulation, close };
  } catch (error) {
    await close();
    throw error;
  }
}
