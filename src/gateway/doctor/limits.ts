import { limits } from '../../words/limits.ts';

export const doctorLimits = limits({
  skewWarnSeconds: {
    value: 5,
    unit: 's',
    why: 'HTTP tells whole seconds and the answer takes its time; beyond, no clock synchronised by NTP differs',
  },
  skewErrorSeconds: {
    value: 60,
    unit: 's',
    why: 'how long a VIHF counts is not published; a minute is refused by usual checks of SAML assertions',
  },
  diskWarnBytes: { value: 5_000_000_000, unit: 'bytes', why: 'some days of documents of a large hospital' },
  diskErrorBytes: { value: 500_000_000, unit: 'bytes', why: 'less than an hour of documents at full load' },
  connectMs: { value: 10_000, unit: 'ms', why: 'a connection that takes longer fails under load' },
  mailboxMs: {
    value: 30_000,
    unit: 'ms',
    why: 'over connection, TLS, token and login of one server of mail; one that works takes a second',
  },
});
