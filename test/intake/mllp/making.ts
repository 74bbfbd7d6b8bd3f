import { freshLetter } from '../../gateway/running.ts';

/** What a test changes in a message; everything else is a deposit in the DMP of a letter of the samples. */
export interface Making {
  controlId?: string;
  type?: 'ORU' | 'MDM';
  trigger?: string;
  order?: string;
  status?: string;
  document?: Buffer | string;
  documentType?: string;
  flags?: Partial<Record<string, string | null>>;
  participants?: string[];
  pid?: string;
  pv1?: string;
  txa?: string | null;
  processing?: string;
  version?: string;
  charset?: string;
  application?: string;
}

/** The test identity of the letter (specs: public test identities). */
export const PATIENT =
  '900000142^^^CHD&0B0000012&M^PI~236066322083656^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS';

const TRIGGERS: Readonly<Record<string, string>> = { NW: 'T02', RO: 'T10', CA: 'T04' };
const STATUSES: Readonly<Record<string, string>> = { NW: 'F', RO: 'C', CA: 'D' };

let count = 0;

export function freshControlId(): string {
  count += 1;
  return `T${process.pid}-${Date.now().toString(36)}-${count}`;
}

const SENDER =
  'PRT||UC||SB^Send by^participation|810000000017^DURAND^Claire^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS|||Site nord^^^^^ASIP-SANTE-ST&1.2.250.1.71.4.2.2&ISO^FINEG^^^0B0000012';

export function recipient(address: string, type = 'IDNPS'): string {
  return `PRT||UC||RCT^Result Copies To^participation|${type === 'INS' ? '236066322083656' : '810000000025'}^X^Y^^^^^^A&1.2.250.1.71.4.2.1&ISO^D^^^${type}||||||||||^NET^X.400^${address}`;
}

/** Writes an ORU or MDM of version 2.1, by hand. */
export function makeMessage(making: Making & { uniqueId?: string } = {}): Buffer {
  const type = making.type ?? 'ORU';
  const mdm = type === 'MDM';
  const order = making.order ?? 'NW';
  const code = making.documentType ?? '11490-0^Lettre de liaison^LN';
  const document = making.document ?? freshLetter().document;
  const event = mdm
    ? `MDM^${making.trigger ?? TRIGGERS[order]}^MDM_T02`
    : `ORU^${making.trigger ?? 'R01'}^ORU_R01`;
  const base64 = Buffer.from(document).toString('base64');
  const lines = [
    `MSH|^~\\&|${making.application ?? 'DPI-T'}|CHD|VIADUC|CHD|20260101120000+0100||${event}|${making.controlId ?? freshControlId()}|${making.processing ?? 'T'}|${making.version ?? (mdm ? '2.6' : '2.5')}|||||FRA|${making.charset ?? 'UNICODE UTF-8'}|||2.1^CISIS_CDA_HL7_V2`,
    ...(mdm ? ['EVN||20260101120000'] : []),
    making.pid ??
      `PID|1||${PATIENT}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||25000417^^^CHD&0B0000012&M^AN||||||||||||||VALI`,
    making.pv1 ?? 'PV1|1|I|4036^22^3^CHD&0B0000012&M||||||||||||||||7700981^^^CHD&0B0000012&M^VN',
    `ORC|${order}`,
    `OBR|1|||${code}`,
    ...(mdm
      ? making.txa === null
        ? []
        : [making.txa ?? `TXA|1|${code.split('^')[0]}|TEXT|||||||||${making.uniqueId ?? ''}|||||AU`]
      : []),
    `OBX|1|ED|${code}||^TEXT^XML^Base64^${base64}||||||${making.status ?? STATUSES[order]}`,
    ...(making.participants ?? [SENDER]),
    ...flagLines(mdm ? 'CWE' : 'CE', making.flags ?? {}),
  ];
  return Buffer.from(`${lines.join('\r')}\r`, 'utf8');
}

export const SENDER_LINE = SENDER;

function flagLines(type: string, changes: Partial<Record<string, string | null>>): string[] {
  const flags: Record<string, string | null | undefined> = {
    ...{ MASQUE_PS: 'N', INVISIBLE_PATIENT: 'N', INVISIBLE_REP_LEGAUX: 'N', CONNEXION_SECRETE: 'N' },
    ...{ MODIF_CONF_CODE: 'N', DESTDMP: 'Y', DESTMSSANTEPS: 'N', DESTMSSANTEPAT: 'N' },
    ...{ ACK_RECEPTION: 'N', ACK_LECTURE_MSS: 'N' },
    ...changes,
  };
  return Object.entries(flags).flatMap(([code, value], index) =>
    value === null
      ? []
      : [`OBX|${index + 2}|${type}|${code}^${code}^MetaDMPMSS||${value}^^expandedYes-NoIndicator||||||F`],
  );
}
