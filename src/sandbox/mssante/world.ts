import { mailTls } from './identity.ts';
import { type MailSimulation, type MailSimulationOptions, openMailSimulation } from './simulation.ts';
import { Submission } from './submission.ts';

export interface MailWorldOptions extends MailSimulationOptions {
  /** Port of submission (SMTP); 0 (default) takes a free one. */
  smtpPort?: number;
  /** Address both servers listen on, 127.0.0.1 by default. */
  host?: string;
  /** Folder that `makeSandboxCertificates` filled; without it nothing is encrypted and no certificate is asked for. */
  certificates?: string;
}

/** An operator with its mailboxes and correspondents that runs on this machine. */
export interface MailWorld {
  host: string;
  smtpPort: number;
  simulation: MailSimulation;
  /** Cuts every connection, stops listening and drops what was still to come. */
  close(): Promise<void>;
}

/** Starts a simulated operator of MSSanté, as strict as real ones are known to be (specification sheet mssante-xdm). */
export async function startMailWorld(options: MailWorldOptions): Promise<MailWorld> {
  const { host = '127.0.0.1', smtpPort = 0, certificates } = options;
  const simulation = openMailSimulation(options);
  const tls = certificates === undefined ? null : mailTls(certificates);
  const submission = new Submission(simulation, tls);
  return {
    host,
    smtpPort: await submission.listen(smtpPort, host),
    simulation,
    async close() {
      for (const cancel of simulation.pending) cancel();
      await submission.close();
    },
  };
}
