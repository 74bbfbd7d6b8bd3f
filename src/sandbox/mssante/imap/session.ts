import type { Socket } from 'node:net';
import type { Folder, Mailbox, StoredMail } from '../mailbox.ts';
import type { MailSimulation } from '../simulation.ts';

/** What a connection has to do with: its client, the box it is in, and the mails that it numbers. */
export class ImapSession {
  readonly simulation: MailSimulation;
  socket: Socket;
  /** FINESS of the client certificate; null without one. */
  certified: string | null = null;
  /** Whether the connection is encrypted, or needs not be. */
  secure: boolean;
  readonly mayStartTls: boolean;
  box: Mailbox | null = null;
  folder: Folder | null = null;
  readOnly = false;
  /** Tag of the IDLE that goes on. */
  idling: string | null = null;
  /** Mails by sequence number, and flags as last told. */
  #view: StoredMail[] = [];
  #told = new Map<StoredMail, string>();
  readonly #changed = () => {
    if (this.idling !== null) this.tellChanges();
  };

  constructor(simulation: MailSimulation, socket: Socket, secure: boolean) {
    this.simulation = simulation;
    this.socket = socket;
    this.secure = secure;
    this.mayStartTls = !secure;
  }

  write(text: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(text);
  }

  /** An answer without tag. */
  untagged(text: string): void {
    this.write(`* ${text}\r\n`);
  }

  enter(box: Mailbox): void {
    this.box = box;
    box.on('change', this.#changed);
  }

  leave(): void {
    this.box?.off('change', this.#changed);
  }

  open(folder: Folder | null, readOnly: boolean): void {
    this.folder = folder;
    this.readOnly = readOnly;
    this.#view = folder ? [...folder.mails] : [];
    this.#told = new Map(this.#view.map((mail) => [mail, flagsOf(mail)]));
  }

  get mails(): readonly StoredMail[] {
    return this.#view;
  }

  get greatest(): { sequence: number; uid: number } {
    return { sequence: this.#view.length, uid: this.#view.at(-1)?.uid ?? 0 };
  }

  /** Mails that a set names, by UID or by number, with their number. */
  numbered(fits: (number: number) => boolean, byUid: boolean): { sequence: number; mail: StoredMail }[] {
    return this.#view
      .map((mail, index) => ({ sequence: index + 1, mail }))
      .filter(({ sequence, mail }) => fits(byUid ? mail.uid : sequence));
  }

  /** Remembers flags that an answer has told. */
  toldFlags(mail: StoredMail): void {
    this.#told.set(mail, flagsOf(mail));
  }

  /** Tells what changed since: mails gone, flags, mails come. */
  tellChanges(): void {
    if (!this.folder) return;
    const there = new Set(this.folder.mails);
    for (let index = this.#view.length - 1; index >= 0; index -= 1) {
      const mail = this.#view[index]!;
      if (there.has(mail)) continue;
      this.#view.splice(index, 1);
      this.#told.delete(mail);
      this.untagged(`${index + 1} EXPUNGE`);
    }
    this.#tellFlags();
    const more = this.folder.mails.filter((mail) => !this.#told.has(mail));
    if (more.length === 0) return;
    this.#view.push(...more);
    for (const mail of more) this.toldFlags(mail);
    this.untagged(`${this.#view.length} EXISTS`);
  }

  #tellFlags(): void {
    for (const [index, mail] of this.#view.entries()) {
      if (this.#told.get(mail) === flagsOf(mail)) continue;
      this.toldFlags(mail);
      this.untagged(`${index + 1} FETCH (UID ${mail.uid} FLAGS (${flagsOf(mail)}))`);
    }
  }
}

export function flagsOf({ flags }: StoredMail): string {
  return [...flags].join(' ');
}
