import { limits } from '../../words/limits.ts';

/** Of the conversations with a mail operator. */
export const wireLimits = limits({
  connect: {
    value: 30_000,
    unit: 'ms',
    why: 'name, connection, TLS and greeting of a server that works take a second',
  },
  silence: {
    value: 600_000,
    unit: 'ms',
    why: 'RFC 5321, 4.5.3.2.6: a server may think ten minutes about a mail; whoever leaves earlier does not know whether it was taken',
  },
  farewell: { value: 2_000, unit: 'ms', why: 'nothing depends on the answer to QUIT or LOGOUT' },
  reply: {
    value: 2_000,
    unit: 'characters',
    why: 'an answer of a server as kept; the lines of SMTP have 512',
  },
  tokenAnswer: { value: 64_000, unit: 'bytes', why: 'an access token has some kilobytes' },
  tokenWait: { value: 10_000, unit: 'ms', why: 'the mailbox waits for its token' },
  tokenMargin: {
    value: 60_000,
    unit: 'ms',
    why: 'a token is renewed this long before its end, for clocks that differ',
  },
  tokenLife: {
    value: 300_000,
    unit: 'ms',
    why: 'for a token whose answer does not say how long it lives; the shortest that servers give',
  },
});
