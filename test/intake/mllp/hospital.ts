import { Listener } from '../../delivery/notices/listener.ts';
import { type RunningGateway, type StartOptions, startTestGateway } from '../../gateway/running.ts';
import { MllpClient } from './client.ts';

/** Under which the local identifiers of the hospital stand in documents. */
export const IPP_ROOT = '2.25.224918310396250343098525528834132237391';

/** A running gateway, a sender connected to its HL7 port, and the port at which that sender takes notices. */
export interface Hospital {
  running: RunningGateway;
  client: MllpClient;
  listener: Listener;
  stop(): Promise<void>;
}

/** One establishment of two sites with one HL7 sender, `dpi`, that takes notices. `setting`: more of the establishment; `yaml`: after it. */
export async function startHospital(setting = '', options: StartOptions = {}): Promise<Hospital> {
  const listener = new Listener();
  const port = await listener.listen();
  const yaml = `
establishments:
  - id: demo
    name: Centre hospitalier de démonstration
    finessEj: 0B0000011
    sector: SA01
    ippRoot: ${IPP_ROOT}
    sites: [{ finessEg: 0B0000012, name: Site nord }, { finessEg: 0B0000013, name: Site sud }]
    ${setting}
senders:
  - id: dpi
    establishment: demo
    structures: '*'
    site: 0B0000012
    mllp: {}
    notices: { host: 127.0.0.1, port: ${port} }
`;
  const running = await startTestGateway({ ...options, yaml: `${yaml}${options.yaml ?? ''}` });
  const client = await MllpClient.open(running.gateway.endpoints.mllp!);
  const stop = async () => {
    client.close();
    await running.close();
    await listener.close();
  };
  return { running, client, listener, stop };
}
