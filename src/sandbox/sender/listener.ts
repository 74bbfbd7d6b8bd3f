import { type AddressInfo, createServer, type Server } from 'node:net';
import { Deframer, framed } from './line.ts';

/** A notice as a sender reads it. */
export interface Notice {
  /** MSH-9: `ZAM^Z01^ZAM_Z01`. */
  event: string;
  /** MSH-10 of the message that it is about (OBX-4). */
  about: string;
  /** What OBX-3 is of, and whether it succeeded (OBX-5). */
  what: string;
  success: boolean;
  /** ERR-5, when it did not. */
  error: string;
  text: string;
}

/** Listens for ZAM messages and acknowledges each. */
export class NoticeListener {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static open(
    where: { host: string; port: number },
    told: (notice: Notice) => void,
  ): Promise<NoticeListener> {
    const server = createServer((socket) => {
      const deframer = new Deframer();
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        for (const message of deframer.take(chunk)) {
          const text = message.toString('utf8');
          socket.write(framed(acknowledge(text)));
          told(readNotice(text));
        }
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(where.port, where.host, () => resolve(new NoticeListener(server)));
    });
  }

  close(): void {
    this.#server.close();
  }
}

function fieldsOf(text: string, name: string): string[] {
  return (text.split('\r').find((line) => line.startsWith(`${name}|`)) ?? '').split('|');
}

function readNotice(text: string): Notice {
  const msh = fieldsOf(text, 'MSH');
  const obx = fieldsOf(text, 'OBX');
  return {
    event: msh[8] ?? '',
    about: obx[4] ?? '',
    what: (obx[3] ?? '').split('^')[1] ?? '',
    success: (obx[5] ?? '').startsWith('Y'),
    error: (fieldsOf(text, 'ERR')[5] ?? '').split('^').slice(0, 2).join(' '),
    text,
  };
}

function acknowledge(text: string): Buffer {
  const msh = fieldsOf(text, 'MSH');
  const trigger = (msh[8] ?? '').split('^')[1] ?? '';
  const header = ['MSH', '^~\\&', msh[4], msh[5], msh[2], msh[3], msh[6], '', `ACK^${trigger}^ACK`];
  const rest = [`A${msh[9] ?? ''}`.slice(0, 20), msh[10], '2.6', '', '', '', '', 'FRA', 'UNICODE UTF-8'];
  return Buffer.from(`${[...header, ...rest].join('|')}\rMSA|AA|${msh[9] ?? ''}\r`);
}
