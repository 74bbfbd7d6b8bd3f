import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from './daemon.ts';
import { idOf, POSTFIX_MASTER } from './programs.ts';

export interface PostfixOptions {
  /** An empty folder of its own. */
  folder: string;
  /** PEM files. */
  tls: { authorities: string; certificate: string; key: string };
  /** Domains that mails may be sent to. */
  whiteList: readonly string[];
  /** Domains whose mailboxes stand here. */
  domains: readonly string[];
  mailboxes: readonly string[];
  /** `submission`: STARTTLS and a client certificate; `login`: TLS at once and a password; `open`: any sender, no TLS. */
  ports: { submission: number; login: number; open: number };
  lmtpPort: number;
  saslPort: number;
  /** Largest mail, bytes. */
  sizeLimit: number;
}

/** A Postfix with everything that is its own in one folder. Hands every mail to a mailbox of its own domains, or refuses it. */
export async function startPostfix(options: PostfixOptions): Promise<Daemon> {
  const { folder, whiteList, domains, mailboxes, ports } = options;
  makeQueue(join(folder, 'queue'));
  const owned = [...domains.map((domain) => `@${domain}`), ...mailboxes];
  writeMap(folder, 'white-list', [...whiteList.map((domain) => [domain, 'OK'])]);
  writeMap(
    folder,
    'mailboxes',
    mailboxes.map((one) => [one, 'here']),
  );
  writeMap(
    folder,
    'logins',
    owned.map((one) => [one, one]),
  );
  writeFileSync(join(folder, 'main.cf'), mainOf(options));
  writeFileSync(join(folder, 'master.cf'), masterOf(options));
  return Daemon.start(POSTFIX_MASTER, ['-c', folder, '-d'], Object.values(ports));
}

function makeQueue(queue: string): void {
  const postfix = idOf('passwd', 'postfix');
  const postdrop = idOf('group', 'postdrop');
  mkdirSync(join(queue, 'pid'), { recursive: true });
  const own = [
    'active',
    'bounce',
    'corrupt',
    'defer',
    'deferred',
    'flush',
    'hold',
    'incoming',
    'private',
    'saved',
    'trace',
  ];
  for (const name of [...own, 'data', 'public', 'maildrop']) {
    mkdirSync(join(queue, name), { mode: 0o700 });
    chownSync(join(queue, name), postfix, name === 'public' || name === 'maildrop' ? postdrop : 0);
  }
}

function writeMap(folder: string, name: string, rows: readonly (readonly string[])[]): void {
  writeFileSync(join(folder, name), rows.map((row) => `${row.join(' ')}\n`).join(''));
}

function mainOf({ folder, tls, domains, lmtpPort, saslPort, sizeLimit }: PostfixOptions): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/queue/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
myhostname = operator.mssante.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
append_dot_mydomain = no
local_header_rewrite_clients =
alias_maps =
alias_database =
virtual_mailbox_domains = ${domains.join(' ')}
virtual_mailbox_maps = texthash:${folder}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:${lmtpPort}
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
message_size_limit = ${sizeLimit}
virtual_mailbox_limit = 0
smtpd_tls_cert_file = ${tls.certificate}
smtpd_tls_key_file = ${tls.key}
smtpd_tls_CAfile = ${tls.authorities}
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${saslPort}
smtpd_sender_login_maps = texthash:${folder}/logins
smtpd_relay_restrictions =
`;
}

function masterOf({ folder, ports }: PostfixOptions): string {
  const whiteList = `check_recipient_access,texthash:${folder}/white-list`;
  return `127.0.0.1:${ports.submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_req_ccert=yes
  -o smtpd_recipient_restrictions=${whiteList},reject
127.0.0.1:${ports.login} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:${ports.open} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=reject_unauth_destination
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
