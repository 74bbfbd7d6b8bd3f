import { readConfig } from '../config.ts';
import type { TestPatient } from '../doctor/dmp-status.ts';
import { examine } from '../doctor/examine.ts';
import { type Line, looking, type Topic } from '../doctor/line.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { runningGateway } from './ledgers.ts';

export const doctor: Command = {
  summary: 'look at certificates, network, DMP, MSSanté, packs and disk, and say what to mend',
  usage: `doctor [--patient MATRICULE^OID] [--lang fr|en] [--json]

Looks at what an operator would before calling the national support; writes nothing. A handshake is made with the
certificate of every structure, and TD0.2 called for the test identity given; every mailbox is entered and left, and no mail is sent. Each line is ok, a warning or an error with its code and remedy. Status 1 when there is an error.`,
  options: { patient: { type: 'string' }, lang: { type: 'string' }, json: { type: 'boolean' } },
  async run(values) {
    const lang = choice(values, 'lang', ['fr', 'en'], 'fr');
    const patient = patientOf(values);
    const lines = await looking('configuration', () => {
      const config = readConfig();
      const dmp = config.dmp.url ?? runningGateway(config)?.dmp ?? null;
      return examine({ config, dmp, patient });
    });
    console.log(values.json ? asJson(lines) : asText(lines, lang));
    return lines.some(({ level }) => level === 'error') ? EXIT.invalid : EXIT.done;
  },
};

function patientOf(values: Values): TestPatient | null {
  const given = text(values, 'patient');
  if (given === undefined) return null;
  const [, value, authority] = /^([0-9AB]{15})\^([0-9.]+)$/.exec(given) ?? [];
  if (!value || !authority)
    throw new UsageError('--patient is MATRICULE^OID, such as 15 characters^1.2.250.…');
  return { value, authority };
}

function asJson(lines: readonly Line[]): string {
  const count = (level: Line['level']) => lines.filter((one) => one.level === level).length;
  return JSON.stringify({ lines, errors: count('error'), warnings: count('warning') }, null, 2);
}

const LEVELS = {
  fr: { ok: 'ok', warning: 'à voir', error: 'ERREUR' },
  en: { ok: 'ok', warning: 'warning', error: 'ERROR' },
} as const;

const TOPICS: Readonly<Record<Topic, { fr: string; en: string }>> = {
  configuration: { fr: 'configuration', en: 'configuration' },
  certificates: { fr: 'certificats', en: 'certificates' },
  network: { fr: 'réseau', en: 'network' },
  dmp: { fr: 'DMP', en: 'DMP' },
  mssante: { fr: 'MSSanté', en: 'MSSanté' },
  clock: { fr: 'horloge', en: 'clock' },
  packs: { fr: 'packs', en: 'packs' },
  metadata: { fr: 'métadonnées', en: 'metadata' },
  storage: { fr: 'stockage', en: 'storage' },
  ports: { fr: 'ports', en: 'ports' },
};

function asText(lines: readonly Line[], lang: 'fr' | 'en'): string {
  return lines
    .flatMap(({ topic, level, code, message, remedy }) => [
      `${LEVELS[lang][level].padEnd(8)}${TOPICS[topic][lang].padEnd(14)}${message[lang]}${code ? ` [${code}]` : ''}`,
      ...(remedy ? [`${' '.repeat(22)}→ ${remedy[lang]}`] : []),
    ])
    .join('\n');
}
