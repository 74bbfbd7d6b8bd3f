#!/usr/bin/env node
// The health check of the container image: asks /health/ready of the gateway that writes VIADUC_DATA. Exit status 0 when
// it is ready. Where clients must show a certificate, a door that asks for one counts as open: this check has none.
import { readFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { join } from 'node:path';

const TIMEOUT_MS = 4000;

try {
  const file = join(process.env.VIADUC_DATA ?? './data', 'endpoints.json');
  const { http: address } = JSON.parse(readFileSync(file, 'utf8'));
  process.exitCode = (await ready(`${address}/health/ready`)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`viaduc: not ready: ${error.code ?? error.message}\n`);
  process.exitCode = 1;
}

/** The certificate is not checked: the question does not leave the machine and carries nothing. */
function ready(url) {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(url, { rejectUnauthorized: false, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    request.on('error', (error) => (asksForCertificate(error) ? resolve(true) : reject(error)));
  });
}

/** The alerts of TLS 1.3 and of TLS 1.2 for a client without certificate. */
function asksForCertificate({ code }) {
  return (
    code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' ||
    code === 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' ||
    code === 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'
  );
}
