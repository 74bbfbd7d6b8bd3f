import { EventEmitter } from 'node:events';

/** Who reads a mailbox. A person reads by hand; applications and patients' services answer MDN by themselves. */
export type MailboxKind = 'gateway' | 'person' | 'organisation' | 'application' | 'patient';

export interface StoredMail {
  uid: number;
  flags: Set<string>;
  /** Milliseconds since 1970. */
  at: number;
  raw: Buffer;
}

/** A folder of IMAP. UIDs only grow while UIDVALIDITY stays. */
export class Folder {
  readonly name: string;
  uidValidity: number;
  uidNext = 1;
  mails: StoredMail[] = [];
  subscribed = true;

  constructor(name: string, uidValidity: number) {
    this.name = name;
    this.uidValidity = uidValidity;
  }

  add(raw: Buffer, at: number, flags: Iterable<string> = []): StoredMail {
    const mail = { uid: this.uidNext, flags: new Set(flags), at, raw };
    this.uidNext += 1;
    this.mails.push(mail);
    return mail;
  }

  remove(gone: ReadonlySet<StoredMail>): void {
    this.mails = this.mails.filter((mail) => !gone.has(mail));
  }

  /** Gives every mail a new UID under a new UIDVALIDITY, as a server does that was restored. */
  renumber(): void {
    this.uidValidity += 1;
    this.mails = this.mails.map((mail, index) => ({ ...mail, uid: index + 1 }));
    this.uidNext = this.mails.length + 1;
  }
}

export interface MailboxOptions {
  address: string;
  kind: MailboxKind;
  displayName?: string;
  /** FINESS of the legal entity whose certificate opens it; of the gateway's boxes. */
  finess?: string;
  /** What AUTH and LOGIN ask for; without it the certificate is enough. */
  password?: string;
  /** Access token that XOAUTH2 asks for. */
  token?: string;
  /** Whether it has no room left. */
  full?: boolean;
}

/** A mailbox with its folders; `change` is emitted when what it holds changes. */
export class Mailbox extends EventEmitter<{ change: [] }> {
  readonly options: MailboxOptions;
  readonly folders = new Map<string, Folder>();
  #validity: number;

  constructor(options: MailboxOptions, validity: number) {
    super();
    this.options = options;
    this.#validity = validity;
    this.setMaxListeners(0);
    this.createFolder('INBOX');
  }

  get address(): string {
    return this.options.address;
  }

  get kind(): MailboxKind {
    return this.options.kind;
  }

  get inbox(): Folder {
    return this.folders.get('INBOX')!;
  }

  /** INBOX whatever its case; other names as they are. */
  folder(name: string): Folder | undefined {
    return this.folders.get(/^inbox$/i.test(name) ? 'INBOX' : name);
  }

  createFolder(name: string): void {
    this.folders.set(name, new Folder(name, this.#validity));
    this.#validity += 1;
  }

  receive(raw: Buffer, at: number): void {
    this.inbox.add(raw, at);
    this.emit('change');
  }

  count(): number {
    return [...this.folders.values()].reduce((sum, { mails }) => sum + mails.length, 0);
  }

  bytes(): number {
    let bytes = 0;
    for (const { mails } of this.folders.values()) for (const { raw } of mails) bytes += raw.length;
    return bytes;
  }

  /** As new: INBOX alone, empty, under a new UIDVALIDITY. */
  empty(): void {
    const { inbox } = this;
    this.folders.clear();
    this.folders.set('INBOX', inbox);
    inbox.mails = [];
    inbox.renumber();
    this.emit('change');
  }

  /** Drops the oldest mail of its INBOX; false when there is none. */
  dropOldest(): boolean {
    const [oldest] = this.inbox.mails;
    if (!oldest) return false;
    this.inbox.remove(new Set([oldest]));
    this.emit('change');
    return true;
  }
}
