import { mailSandboxLimits } from '../limits.ts';

/** One command as it came: its text, in which each literal stands as a quoted string. */
export type Command = string;

const LITERAL = /\{(\d{1,9})(\+?)\}$/;

/**
 * Takes the bytes of a client apart into commands (RFC 3501, 4.3). A literal is asked for by `onContinue` and put into the
 * command as a quoted string, which holds it since names and passwords have neither NUL nor line end.
 */
export class CommandReader {
  #waiting: Buffer = Buffer.alloc(0);
  #text = '';
  #literal: number | null = null;
  readonly #onContinue: () => void;

  constructor(onContinue: () => void) {
    this.#onContinue = onContinue;
  }

  /** The commands that are whole by now. @throws RangeError when a line or literal is too long */
  add(bytes: Buffer): Command[] {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    const commands: Command[] = [];
    for (let step = this.#next(); step !== null; step = this.#next()) if (step) commands.push(step);
    if (this.#waiting.length > mailSandboxLimits.imapLineBytes.value) throw new RangeError('line too long');
    return commands;
  }

  /** A whole command, '' when something was read and none is whole, null when more bytes are needed. */
  #next(): Command | '' | null {
    if (this.#literal !== null) return this.#takeLiteral(this.#literal);
    const end = this.#waiting.indexOf('\r\n');
    if (end < 0) return null;
    this.#text += this.#take(end).toString('utf8');
    this.#take(2);
    if (this.#text.length > mailSandboxLimits.imapLineBytes.value) throw new RangeError('line too long');
    const found = LITERAL.exec(this.#text);
    if (!found) return this.#flush();
    this.#literal = Number(found[1]);
    if (this.#literal > mailSandboxLimits.imapLiteralBytes.value) throw new RangeError('literal too long');
    this.#text = this.#text.slice(0, found.index);
    if (!found[2]) this.#onContinue();
    return '';
  }

  #takeLiteral(length: number): '' | null {
    if (this.#waiting.length < length) return null;
    this.#text += quoted(
      this.#take(length)
        .toString('utf8')
        .replace(/[\r\n\0]/g, ' '),
    );
    this.#literal = null;
    return '';
  }

  #flush(): Command | '' {
    const command = this.#text;
    this.#text = '';
    return command;
  }

  #take(length: number): Buffer {
    const taken = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    return taken;
  }
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A text as a string of IMAP: quoted where it can be, else a literal. */
export function imapString(text: string | null): string {
  if (text === null) return 'NIL';
  if (/^[\x20-\x7e]*$/.test(text)) return quoted(text);
  return `{${Buffer.byteLength(text)}}\r\n${text}`;
}

/** One argument: an atom or string, or a list in brackets. */
export type Argument = string | Argument[];

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([()])|((?:[^\s()"[]|\[[^\]]*\](?:<[^>]*>)?)+))/y;

/** The arguments of a command; null when brackets or quotes do not match. */
export function argumentsOf(text: string): Argument[] | null {
  const stack: Argument[][] = [[]];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(text);
    if (!found) return null;
    const [, string, bracket, atom] = found;
    if (bracket === '(') stack.push([]);
    else if (bracket === ')') {
      const list = stack.pop()!;
      if (stack.length === 0) return null;
      stack.at(-1)!.push(list);
    } else stack.at(-1)!.push(string === undefined ? atom! : string.replace(/\\(.)/g, '$1'));
  }
  return stack.length === 1 ? stack[0]! : null;
}

/** Whether a number is in a set as `1,3:5,7:*`; `*` is the greatest there is. */
export function setOf(text: string, greatest: number): ((number: number) => boolean) | null {
  if (!/^(\d+|\*)(:(\d+|\*))?(,(\d+|\*)(:(\d+|\*))?)*$/.test(text)) return null;
  const ranges = text.split(',').map((part) => {
    const ends = part.split(':').map((end) => (end === '*' ? greatest : Number(end)));
    return [Math.min(...ends), Math.max(...ends)] as const;
  });
  return (number) => ranges.some(([from, to]) => number >= from && number <= to);
}
