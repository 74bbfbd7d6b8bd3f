import { readFileSync } from 'node:fs';
import { addressOf, Line } from '../../sandbox/sender/line.ts';
import { NoticeListener } from '../../sandbox/sender/listener.ts';
import {
  type Acknowledged,
  CHARSETS,
  messageOf,
  readAcknowledgement,
} from '../../sandbox/sender/message-file.ts';
import { readConfig } from '../config.ts';
import { EXIT, UsageError } from './command.ts';
import { runningGateway } from './ledgers.ts';

export interface SendOptions {
  to?: string | undefined;
  charset?: string | undefined;
  rate?: string | undefined;
  times?: string | undefined;
  listen?: string | undefined;
  wait?: string | undefined;
  keep?: boolean | undefined;
}

/** `sandbox send`: plays files of HL7 v2 messages over MLLP and prints what is answered. */
export async function sendFiles(files: readonly string[], options: SendOptions): Promise<number> {
  if (files.length === 0) throw new UsageError('sandbox send FILE...');
  const charset = options.charset ?? null;
  if (charset !== null && !Object.hasOwn(CHARSETS, charset))
    throw new UsageError(`--charset ${Object.keys(CHARSETS).join('|')}`);
  const times = positive(options.times ?? '1', '--times');
  const rate = options.rate === undefined ? null : positive(options.rate, '--rate');
  const messages = files.map((file) => ({ file, bytes: messageIn(file) }));
  const listener = await listen(options.listen);
  const line = await connect(options.to ?? endpoint());
  try {
    const codes = await play(line, messages, { times, rate, charset, keep: options.keep ?? false });
    if (listener)
      await new Promise((resolve) => setTimeout(resolve, positive(options.wait ?? '10', '--wait') * 1000));
    return codes.every((code) => code === 'AA') ? EXIT.done : EXIT.invalid;
  } finally {
    line.close();
    listener?.close();
  }
}

/** The message of a file, with blank lines before it or not. @throws UsageError when it holds none */
function messageIn(file: string): Buffer {
  const bytes = readBytes(file);
  if (bytes.subarray(0, 256).toString('latin1').trimStart().startsWith('MSH|')) return bytes;
  throw new UsageError(`${file}: no HL7 v2 message; one for each file, from MSH on, without MLLP framing`);
}

interface Playing {
  times: number;
  /** Messages a second; null sends each when the one before is answered. */
  rate: number | null;
  charset: string | null;
  /** Keep MSH-10 as the files have it. */
  keep: boolean;
}

async function play(
  line: Line,
  messages: readonly { file: string; bytes: Buffer }[],
  { times, rate, charset, keep }: Playing,
): Promise<string[]> {
  const codes: string[] = [];
  const under: Promise<void>[] = [];
  const began = performance.now();
  for (let turn = 0; turn < times * messages.length; turn += 1) {
    const { file, bytes } = messages[turn % messages.length]!;
    const controlId = keep ? null : `${process.pid.toString(36)}${Date.now().toString(36)}${turn}`.slice(-20);
    const sending = sendOne(line, file, messageOf(bytes, { controlId, charset })).then((code) => {
      codes.push(code);
    });
    if (rate === null) await sending;
    else under.push(sending);
    const pause = rate === null ? 0 : began + ((turn + 1) / rate) * 1000 - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await Promise.all(under);
  return codes;
}

async function sendOne(line: Line, file: string, message: Buffer): Promise<string> {
  const began = performance.now();
  const answer = readAcknowledgement(await line.send(message));
  console.log(lines(file, answer, performance.now() - began).join('\n'));
  return answer.code;
}

function lines(file: string, { code, controlId, errors }: Acknowledged, ms: number): string[] {
  const errorLines = errors.map(
    ({ place, condition, severity, code: own, words }) =>
      `    ${severity} ${place || '-'}  ${condition}  ${own}\n      ${words}`,
  );
  return [`${code}  ${controlId}  ${ms.toFixed(0)} ms  ${file}`, ...errorLines];
}

async function listen(port: string | undefined): Promise<NoticeListener | null> {
  if (port === undefined) return null;
  const listener = await NoticeListener.open({ host: '127.0.0.1', port: Number(port) }, (notice) =>
    console.log(
      `${notice.event.split('^').slice(0, 2).join('^')}  ${notice.about}  ${notice.what} : ${notice.success ? 'oui' : `non (${notice.error})`}`,
    ),
  );
  console.log(`ZAM : à l’écoute sur 127.0.0.1:${listener.port}`);
  return listener;
}

async function connect(to: string): Promise<Line> {
  try {
    return await Line.open(addressOf(to));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UsageError(`sandbox send: ${to}: ${why}`);
  }
}

/** The gateway that runs on the data folder of the configuration; a file that one left when it was killed is not believed. */
function endpoint(): string {
  const mllp = runningGateway(readConfig())?.mllp;
  if (mllp) return mllp;
  throw new UsageError('sandbox send: no gateway runs on this data folder; start one, or say --to HOST:PORT');
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${option} needs a number above 0`);
  return value;
}
