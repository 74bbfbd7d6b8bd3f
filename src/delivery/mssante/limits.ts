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
  imapSilence: {
    value: 120_000,
    unit: 'ms',
    why: 'a mailbox that answers nothing this long is connected to anew; a fetch of the largest mail keeps talking',
  },
  receivedMail: {
    value: 40_000_000,
    unit: 'bytes',
    why: 'operators stop at 25 MB or less (sheet mssante-xdm, 5.6); a receipt may enclose one such mail',
  },
  reconnectFirst: { value: 1_000, unit: 'ms', why: 'a server that restarts is back in a few seconds' },
  reconnectLast: {
    value: 300_000,
    unit: 'ms',
    why: 'waits double up to here: a mailbox that comes back after days is read within five minutes',
  },
  stopping: {
    value: 700,
    unit: 'ms',
    why: 'a mail being taken when the gateway stops has this long to be put away; later it is handed over again',
  },
});
