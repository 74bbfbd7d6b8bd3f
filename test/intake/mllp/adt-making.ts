import { freshControlId, PATIENT } from './making.ts';

/** What a test changes in an ADT; everything else is an admission of the test patient. */
export interface Adt {
  trigger: string;
  at?: string;
  pid3?: string;
  status?: string;
  file?: string;
  visit?: string;
  class?: string;
  movement?: string | null;
  action?: string;
  original?: string;
  zfa?: string;
  /** ZFA-1. */
  dmp?: string;
  /** PV1-51. */
  scope?: string;
  mrg?: string;
  controlId?: string;
  discharged?: string;
}

/** An ADT of PAM France by hand. `movement` null: no PV1 and no ZBE. */
export function adt(making: Adt): string {
  const at = making.at ?? '20220610083000';
  const { trigger, file = 'F1', visit = 'V1', movement = 'M1' } = making;
  return [
    `MSH|^~\\&|GAM|CHD|VIADUC|CHD|${at}||ADT^${trigger}^ADT_A01|${making.controlId ?? freshControlId()}|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR||2.11^IHE_FRANCE-2.11-PAM`,
    `EVN||${at}||||${at}`,
    `PID|1||${making.pid3 ?? PATIENT}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||${file}^^^CHD&0B0000012&N^AN||||||||||||||${making.status ?? 'VALI'}`,
    ...(making.mrg ? [`MRG|${making.mrg}`] : []),
    ...(movement === null
      ? []
      : [
          `PV1|1|${making.class ?? 'I'}|4036^22^3^CHD&0B0000012&N||||||||||||||||${visit}^^^CHD&0B0000012&N^VN|||||||||||||||||||||||||${trigger === 'A01' ? at : ''}|${making.discharged ?? ''}||||||${making.scope ?? ''}`,
          `ZBE|${movement}^GAM^0B0000011^M|${at}||${making.action ?? 'INSERT'}|N|${making.original ?? ''}|Urologie^^^^^CHD&0B0000011&M^UF^^^4036||HMS`,
        ]),
    ...(making.zfa ? [`ZFA|${making.dmp ?? 'ACTIF'}|${at}|||||||${making.zfa}`] : []),
    '',
  ].join('\r');
}
