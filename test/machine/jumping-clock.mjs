// Loaded before a gateway (node --import): its clock stands so many milliseconds off as a file says at the moment.
import { readFileSync } from 'node:fs';

const file = process.env.VIADUC_TEST_CLOCK;
const real = Date.now;
const off = () => Number(readFileSync(file, 'utf8'));

globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [real() + off()] : args));
  }

  static now() {
    return real() + off();
  }
};
