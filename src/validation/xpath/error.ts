/** An expression that is not XPath, or that uses something not supported. `at` is an offset in its text. */
export class XPathSyntaxError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** What XPath calls a dynamic or type error. `code` is that of the specification, such as FORG0001; quotes no document. */
export class XPathError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
