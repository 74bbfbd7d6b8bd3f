import load, { type LibXml2 } from 'libxml2-wasm/lib/libxml2raw.mjs';

/** One message of libxml2. */
export interface Complaint {
  /** xmlParserErrors (libxml2, xmlerror.h). */
  code: number;
  /** 1 warning, 2 error, 3 fatal. */
  level: number;
  text: string;
  file: string | null;
  line: number;
  column: number;
  /** Path of the node concerned as xmlGetNodePath writes it, such as `/p:a/*[3]/p:name[2]`; null when there is no node. */
  path: string | null;
}

/** Files by the address under which libxml2 asks for them. */
export type Files = (address: string) => Uint8Array | null;

/** Offsets in libxml2's `xmlError` on a 32-bit machine. */
const ERROR = { code: 4, message: 8, level: 12, file: 16, line: 20, column: 40, node: 48 };

const WARNING = 1;

/** xmlParserOption (libxml2, parser.h). */
const OPTION = {
  compact: 1 << 16,
  noNetwork: 1 << 11,
  noExternalEntities: 1 << 23,
  noCatalog: 1 << 25,
  /** `xml:id` is left to the schema. */
  skipIds: 1 << 27,
  /** Lines beyond 65,535. */
  bigLines: 1 << 22,
  /** Texts beyond 10 MB: every caller has its cap. */
  huge: 1 << 19,
  /** CDATA sections become text, which is what a schema sees. */
  noCdata: 1 << 14,
  ignoreDeclaredEncoding: 1 << 21,
};

const OPTIONS = Object.values(OPTION).reduce((all, one) => all | one, 0);

/**
 * A libxml2 of its own: each has its own WebAssembly memory, which goes when nothing refers to it any more. It reaches
 * no file system and no network: its file callbacks are replaced by `Files` while a schema compiles and absent otherwise.
 * Every call either frees what it allocated or returns a handle that the caller frees.
 */
export class Libxml2 {
  readonly #wasm: LibXml2;
  readonly #callbacks: number[];
  readonly #onError: number;
  readonly #utf8: number;
  #files: Files = () => null;
  readonly #open = new Map<number, { bytes: Uint8Array; at: number }>();
  #lastFile = 0;
  #complaints: Complaint[] = [];
  #most = 0;

  static async open(): Promise<Libxml2> {
    return new Libxml2(await load());
  }

  private constructor(wasm: LibXml2) {
    this.#wasm = wasm;
    wasm._xmlSetWinPathEnabled(0);
    wasm._xmlInitParser();
    wasm._xmlCleanupInputCallbacks();
    this.#onError = wasm.addFunction((_: number, error: number) => this.#note(error), 'vii');
    this.#utf8 = this.#string('UTF-8');
    this.#callbacks = this.#fileCallbacks();
  }

  /** Bytes of WebAssembly memory; it never shrinks. */
  get memoryBytes(): number {
    return this.#wasm.HEAPU8.byteLength;
  }

  /** Runs `action` with the complaints it causes collected, `most` of them at the most. */
  collect<T>(most: number, action: () => T): { result: T; complaints: Complaint[] } {
    this.#complaints = [];
    this.#most = most;
    try {
      return { result: action(), complaints: this.#complaints };
    } finally {
      this.#complaints = [];
      this.#most = 0;
    }
  }

  /**
   * Parses bytes that are UTF-8 whatever their XML declaration says, or, with `declared`, as they declare.
   * @returns the handle of a document for `freeDocument`, or 0
   */
  parse(bytes: Uint8Array, address: string | null = null, encoding: 'utf-8' | 'declared' = 'utf-8'): number {
    const wasm = this.#wasm;
    const context = wasm._xmlNewParserCtxt();
    const memory = this.#copy(bytes);
    const name = address === null ? 0 : this.#string(address);
    try {
      wasm._xmlCtxtSetErrorHandler(context, this.#onError, 0);
      const options = encoding === 'utf-8' ? OPTIONS : OPTIONS & ~OPTION.ignoreDeclaredEncoding;
      const as = encoding === 'utf-8' ? this.#utf8 : 0;
      return wasm._xmlCtxtReadMemory(context, memory, bytes.length, name, as, options);
    } finally {
      wasm._free(name);
      wasm._free(memory);
      wasm._xmlFreeParserCtxt(context);
    }
  }

  freeDocument(document: number): void {
    this.#wasm._xmlFreeDoc(document);
  }

  /**
   * Compiles the schema in a parsed document; what it includes comes from `files`.
   * @returns the handle of a schema, kept as long as this libxml2 lives, or 0
   */
  compile(document: number, files: Files): number {
    const wasm = this.#wasm;
    const context = wasm._xmlSchemaNewDocParserCtxt(document);
    this.#files = files;
    wasm._xmlRegisterInputCallbacks(...(this.#callbacks as [number, number, number, number]));
    try {
      wasm._xmlSchemaSetParserStructuredErrors(context, this.#onError, 0);
      return wasm._xmlSchemaParse(context);
    } finally {
      wasm._xmlSchemaFreeParserCtxt(context);
      wasm._xmlCleanupInputCallbacks();
      this.#files = () => null;
    }
  }

  /** Validates a parsed document: 0 valid, above 0 invalid, below 0 failed. */
  validate(document: number, schema: number): number {
    const wasm = this.#wasm;
    const context = wasm._xmlSchemaNewValidCtxt(schema);
    try {
      wasm._xmlSchemaSetValidStructuredErrors(context, this.#onError, 0);
      return wasm._xmlSchemaValidateDoc(context, document);
    } finally {
      wasm._xmlSchemaFreeValidCtxt(context);
    }
  }

  #note(error: number): void {
    const level = this.#int(error + ERROR.level);
    if (this.#complaints.length >= this.#most && level > WARNING) return;
    const node = this.#int(error + ERROR.node);
    this.#complaints.push({
      code: this.#int(error + ERROR.code),
      level,
      text: (this.#text(this.#int(error + ERROR.message)) ?? '').trim(),
      file: this.#text(this.#int(error + ERROR.file)),
      line: this.#int(error + ERROR.line),
      column: this.#int(error + ERROR.column),
      path: node === 0 ? null : this.#path(node),
    });
  }

  #path(node: number): string | null {
    const pointer = this.#wasm._xmlGetNodePath(node);
    const path = this.#text(pointer);
    this.#wasm._free(pointer);
    return path;
  }

  #int(at: number): number {
    return this.#wasm.getValue(at, 'i32');
  }

  #text(pointer: number): string | null {
    return pointer === 0 ? null : this.#wasm.UTF8ToString(pointer);
  }

  #string(text: string): number {
    const size = this.#wasm.lengthBytesUTF8(text) + 1;
    const pointer = this.#allocate(size);
    this.#wasm.stringToUTF8(text, pointer, size);
    return pointer;
  }

  #copy(bytes: Uint8Array): number {
    const pointer = this.#allocate(bytes.length + 1);
    this.#wasm.HEAPU8.set(bytes, pointer);
    this.#wasm.HEAPU8[pointer + bytes.length] = 0;
    return pointer;
  }

  #allocate(size: number): number {
    const pointer = this.#wasm._malloc(size);
    if (pointer === 0) throw new Error(`no WebAssembly memory for ${size} bytes`);
    return pointer;
  }

  /** The four functions of xmlRegisterInputCallbacks: match, open, read, close. */
  #fileCallbacks(): number[] {
    const wasm = this.#wasm;
    return [
      wasm.addFunction(() => 1, 'ii'),
      wasm.addFunction((address: number) => this.#openFile(this.#text(address) ?? ''), 'ii'),
      wasm.addFunction((file: number, to: number, size: number) => this.#readFile(file, to, size), 'iiii'),
      wasm.addFunction((file: number) => (this.#open.delete(file) ? 0 : -1), 'ii'),
    ];
  }

  #openFile(address: string): number {
    const bytes = this.#files(address);
    if (!bytes) return 0;
    this.#lastFile += 1;
    this.#open.set(this.#lastFile, { bytes, at: 0 });
    return this.#lastFile;
  }

  #readFile(file: number, to: number, size: number): number {
    const reading = this.#open.get(file);
    if (!reading) return -1;
    const piece = reading.bytes.subarray(reading.at, reading.at + size);
    this.#wasm.HEAPU8.set(piece, to);
    reading.at += piece.length;
    return piece.length;
  }
}
