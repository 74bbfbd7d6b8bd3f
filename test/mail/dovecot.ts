import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from './daemon.ts';
import { idOf } from './programs.ts';

export interface DovecotOptions {
  /** A folder of its own, kept over a restart. */
  folder: string;
  tls: { authorities: string; certificate: string; key: string };
  mailboxes: readonly { address: string; password: string; quotaBytes?: number }[];
  ports: { imap: number; imaps: number; lmtp: number; sasl: number };
  variant?: DovecotVariant;
}

export interface DovecotVariant {
  /** What IMAP says that it can, in place of the truth. */
  capabilities?: string;
  /** A client is whom its certificate names, whatever password it gives. */
  certificateAlone?: boolean;
}

/** A Dovecot with everything that is its own in one folder. Mailboxes are entered over TLS with a client certificate and a password. */
export function startDovecot(options: DovecotOptions): Promise<Daemon> {
  const { folder, mailboxes, ports } = options;
  const mail = idOf('passwd', 'mail');
  mkdirSync(join(folder, 'mail'), { recursive: true });
  chownSync(join(folder, 'mail'), mail, mail);
  for (const path of [folder, join(folder, '..')]) chmodSync(path, 0o755);
  const lines = mailboxes.map(({ address, password, quotaBytes }) => {
    const quota = quotaBytes === undefined ? '' : `userdb_quota_rule=*:bytes=${quotaBytes}`;
    return `${address}:{PLAIN}${password}:${mail}:${mail}::${folder}/mail/${address}::${quota}\n`;
  });
  writeFileSync(join(folder, 'users'), lines.join(''));
  writeFileSync(join(folder, 'dovecot.conf'), configurationOf(options));
  // One that was killed leaves it behind, and its number may be another's by now.
  rmSync(join(folder, 'run', 'master.pid'), { force: true });
  return Daemon.start('dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], Object.values(ports));
}

function configurationOf({ folder, tls, ports, variant = {} }: DovecotOptions): string {
  const { capabilities = '', certificateAlone = false } = variant;
  return `base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <${tls.certificate}
ssl_key = <${tls.key}
ssl_ca = <${tls.authorities}
ssl_require_crl = no
ssl_min_protocol = TLSv1.2
ssl_verify_client_cert = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
first_valid_uid = 1
first_valid_gid = 1
lmtp_save_to_detail_mailbox = no
mail_plugins = quota
plugin {
  quota = maildir
}
auth_ssl_username_from_cert = ${certificateAlone ? 'yes' : 'no'}
passdb {
  driver = ${certificateAlone ? 'static' : 'passwd-file'}
  args = ${certificateAlone ? 'nopassword=y' : `username_format=%u ${folder}/users`}
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
protocol imap {
  imap_capability = ${capabilities}
  auth_ssl_require_client_cert = yes
}
namespace inbox {
  inbox = yes
}
service imap-login {
  process_min_avail = 1
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtp}
  }
}
service auth {
  inet_listener {
    port = ${ports.sasl}
  }
}
`;
}
