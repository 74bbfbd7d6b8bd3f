import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MailAccess, openAccess, openServer } from '../../src/gateway/mail-access.ts';
import type { ServerConfig } from '../../src/gateway/mssante-config.ts';
import { structureFiles } from '../../src/sandbox/certificates/folder.ts';
import { HandClock } from '../delivery/scripted.ts';
import { certificates } from './certificates.ts';

const { client: first, seal: second } = structureFiles(certificates, '0B0000011');
const MINUTE_MS = 60_000;

let folder: string;
let config: ServerConfig;
let access: MailAccess | null = null;
let clock: HandClock;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-access-'));
  const [certificate, key, passwordFile] = ['box.pem', 'box.key', 'password'].map((one) => join(folder, one));
  copyFileSync(first.certificate, certificate!);
  copyFileSync(first.key, key!);
  writeFileSync(passwordFile!, 'one\n');
  config = {
    ...{ host: '127.0.0.1', port: 9, tls: 'starttls', serverName: null },
    ...{ authorities: null, certificate: certificate!, key: key!, passphraseFile: null },
    auth: { kind: 'password', user: 'labo', passwordFile: passwordFile! },
  };
  clock = new HandClock(Date.now());
  told = [];
});
afterEach(async () => {
  await access?.close();
  access = null;
  rmSync(folder, { recursive: true, force: true });
});

function open(): MailAccess {
  access = openAccess(config, {
    clock,
    onRenewed: () => told.push('renewed'),
    onProblem: (code) => told.push(code),
  });
  return access;
}

const passwordOf = (one: MailAccess) => (one.server().auth as { password: string }).password;

describe('the access of a mailbox', () => {
  test('takes over a secret that changes, within a minute', () => {
    const one = open();
    writeFileSync(join(folder, 'password'), 'another\n');
    expect(passwordOf(one)).toBe('one');
    clock.advance(MINUTE_MS);
    expect(passwordOf(one)).toBe('another');
    clock.advance(MINUTE_MS);
    expect(told).toEqual(['renewed']);
  });

  test('keeps the former pair until both files are there', () => {
    const one = open();
    copyFileSync(second.certificate, config.certificate!);
    clock.advance(MINUTE_MS);
    clock.advance(MINUTE_MS);
    expect(told).toEqual(['config.tls-unusable']);
    expect(one.server().certificate).toBe(readFileSync(first.certificate, 'utf8'));
    copyFileSync(second.key, config.key!);
    clock.advance(MINUTE_MS);
    expect(told).toEqual(['config.tls-unusable', 'renewed']);
    expect(one.server()).toMatchObject({
      certificate: readFileSync(second.certificate, 'utf8'),
      key: readFileSync(second.key, 'utf8'),
    });
  });

  test('outlives a file that was taken away', () => {
    const one = open();
    rmSync(join(folder, 'password'));
    clock.advance(MINUTE_MS);
    expect(told).toEqual(['config.unreadable']);
    expect(passwordOf(one)).toBe('one');
  });

  test('is refused at the start when certificate and key do not go together', () => {
    copyFileSync(second.key, config.key!);
    expect(() => openServer(config, clock)).toThrow(
      expect.objectContaining({
        code: 'config.tls-unusable',
        values: expect.objectContaining({ key: config.key }),
      }),
    );
  });
});
