import { CONFIDENTIALITY_SYSTEM, VISIBILITY_SYSTEM } from './names.ts';

/** Codes of one coded attribute with the system of each. */
export interface CodeList {
  /** System of a known code, null for a code that this list does not hold. */
  systemOf(code: string): string | null;
  /** The list is closed: its codes are refused even when unknown codes are accepted elsewhere. */
  closed: boolean;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

function listOf(codes: Readonly<Record<string, string[]>>, closed = false): CodeList {
  const systems = new Map(
    Object.entries(codes).flatMap(([system, all]) => all.map((code) => [code, system])),
  );
  return { closed, systemOf: (code) => systems.get(code) ?? null };
}

export const SIGNATURE_CLASS = 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1';
export const SIGNATURE_TYPE = 'E1762';
export const SIGNATURE_FORMAT = 'http://www.w3.org/2000/09/xmldsig#';
export const SIGNATURE_EVENT = '1.2.840.10065.1.12.1.14';
export const KOS_FORMAT = '1.2.840.10008.5.1.4.1.1.88.59';

const LOINC = '2.16.840.1.113883.6.1';
const FRENCH_TYPES = '1.2.250.1.213.1.1.4.12';
const PRODUCERS = '1.2.250.1.213.1.1.4.6';
const ANS_FORMATS = '1.2.250.1.213.1.1.4.2.282';
const IHE_FORMATS = '1.3.6.1.4.1.19376.1.2.3';

/** Types by class, as ASS_X04 associates them (edition of 23/02/2024); for types beyond it no class is demanded. */
const TYPES_OF_CLASS: Readonly<Record<string, string[]>> = {
  '10': words(`11490-0 34112-3 11488-4 15507-7 34874-8 34749-2 77436-4 11502-2 60568-3 51969-4 34794-8 11505-5
    70004-7 11506-3 15508-5 67851-6 47420-5 BIL_AUTO`),
  '11': words('18761-7 34133-9 60591-5 74207-2 80820-4 SYNTH'),
  '31': words('18748-4 52040-3 IMG-KOS'),
  '42': words(`57833-6 57832-8 57828-6 55115-0 PRESC-AAT PRESC-BIO PRESC-KINE PRESC-INF PRESC-PEDI PRESC-ORTHOPHO
    PRESC-ORTHOPTIE`),
  '43': words('60593-1 DISP_AUT'),
  '44': words('18776-5 PROT_ALD'),
  '45': words('80565-5'),
  '52': words('11369-6 87273-9 96173-0 89601-9 CERT_DECL'),
  '60': words('REMB'),
  '90': words('EXPPAT_1 EXPPAT_2 EXPPAT_3'),
  '95': words('51851-4'),
  [SIGNATURE_CLASS]: [SIGNATURE_TYPE],
};

const CLASS_OF_TYPE = new Map(
  Object.entries(TYPES_OF_CLASS).flatMap(([code, types]) => types.map((type) => [type, code])),
);

/** The class that belongs to a type, or null when our extract of the mapping does not say. */
export function classOfType(type: string): string | null {
  return CLASS_OF_TYPE.get(type) ?? null;
}

/** JDV_J57-ClassCode-DMP, edition of 22/09/2023. */
const CLASSES = listOf({
  '1.2.250.1.213.1.1.4.1': words('10 11 31 42 43 44 45 52 60 90 95'),
  URN: [SIGNATURE_CLASS],
});

/** JDV_J07 (CI-SIS, edition of 27/09/2024), of which JDV_J66-TypeCode-DMP is a subset. */
const TYPES = listOf({
  [LOINC]:
    words(`11369-6 11488-4 11490-0 34112-3 11502-2 11505-5 11506-3 15507-7 15508-5 18776-5 18748-4 18761-7
    28617-9 28653-4 29274-8 34120-6 34133-9 34749-2 34794-8 34842-5 34874-8 34875-5 47420-5 51851-4 51969-4 52040-3
    55115-0 56445-0 56446-8 57828-6 57832-8 57833-6 59283-2 59284-0 60280-5 60568-3 60591-5 60593-1 61357-0 67851-6
    68599-0 68817-6 70004-7 78341-5 74207-2 74465-6 75468-9 75482-0 75492-9 75496-0 77436-4 77604-7 78513-9 78601-2
    80565-5 80771-9 80788-3 80820-4 83836-7 83869-8 83901-9 83981-1 85208-7 86531-1 87273-9 88348-8 89601-9 93024-8
    96349-6 96874-3 96173-0 57055-6 57057-2 57075-4 89235-6 78489-2 89233-1 101881-1`),
  [FRENCH_TYPES]:
    words(`ATTEST-ASS-COMPL ATTEST-RESID ATTEST-HEBGT ATTEST-DROITS-AM AUTORIS-SOINS BIL_AUTO CERT_DECL
    DISP_AUT EXPPAT_1 EXPPAT_2 EXPPAT_3 IMG-KOS PROT_ALD REMB SYNTH DOCPAT01 DOCPAT02 DOCPAT03 DOCPAT04 DOCPAT05
    DOCPAT06 DOCPAT07 DOCPAT08 DOCPAT09 PIECE-IDENTITE PRESC-AAT PRESC-BIO PRESC-KINE PRESC-INF PRESC-PEDI
    PRESC-ORTHOPHO PRESC-ORTHOPTIE FEUILLE-DE-STYLE FICHE-CONTACTS EXPORT_DUI`),
  ASTM: [SIGNATURE_TYPE],
});

/** JDV_J60-FormatCode-DMP, edition of 27/09/2024, as far as the mapping ASS_A11 and its known differences tell. */
const FORMATS = listOf({
  [ANS_FORMATS]: [
    ...words(`cse-cs8:2017 cse-cs9:2017 cse-cs24:2017 frcp:2011 idap:2011 obp-sap:2023 obp-snm:2023 obp-sne:2023
      obp-scm:2023 obp-sem:2023 vsm:2012 aunv:2013 eunv:2013 sunv:2013 crrtn:2013 avk:2009 tap:2009 dci:2009 psc:2009
      ppv:2009 pps-paerpa:2017 ldl-ees:2017 dlu:2015 dlu:2024 fludt:2017 fludr:2017 ft-su:2024 fr-su:2024 pavc:2016
      pps-cancer:2017 d2lm-fin:2017 d2lm-fidd:2017 ldl-ses:2017 sdm-mr:2017 crgm:2018 hr:2019 vac:2019 vac-note:2021
      tlm-da:2020 cr-anest:2020 cr-cpa:2020 ppp:2023`).map((name) => `urn:asip:ci-sis:${name}`),
    ...words('cse-mde:2023 img-da:2022 bio-ep-bio:2022 trod:2024').map((name) => `urn:ans:ci-sis:${name}`),
    'urn:asipSante:modelesHorsProfils:2011',
  ],
  [IHE_FORMATS]:
    words(`urn:ihe:iti:xds-sd:pdf:2008 urn:ihe:iti:xds-sd:text:2008 urn:ihe:iti-fr:xds-sd:rtf:2010
    urn:ihe:iti-fr:xds-sd:jpeg:2010 urn:ihe:iti-fr:xds-sd:tiff:2010 urn:ihe:pharm:pre:2010 urn:ihe:pharm:dis:2010
    urn:ihe:eyecare:geneyeevalcn:2014 urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013 urn:ihe:lab:xd-lab:2008
    urn:ihe:palm:apsr:2016 urn:ihe:pcc:ips:2020 urn:ihe:iti:dsg:detached:2014`),
  '1.2.840.10008.2.6.1': [KOS_FORMAT],
  URN: [SIGNATURE_FORMAT],
});

/** JDV_J02 / JDV_J61: sectors of activity, SA01 to SA69 with gaps. */
const FACILITIES = listOf({
  '1.2.250.1.71.4.2.4': Array.from({ length: 69 }, (_, index) => index + 1)
    .filter((number) => number !== 11 && number !== 62)
    .map((number) => `SA${String(number).padStart(2, '0')}`),
  [PRODUCERS]: words('EXP_PATIENT SNR'),
});

/** JDV_J04 / JDV_J62. */
const PRACTICES = listOf({
  '1.2.250.1.213.1.1.4.9': words(
    'AMBULATOIRE AMO DEPISTAGE ESSMS ETABLISSEMENT HAD MAD PALLIATIF SAD SAMU_SMUR',
  ),
  [PRODUCERS]: words('EXP_PATIENT SNR'),
});

/** JDV_J58: the only list that is known to be complete. */
const CONFIDENTIALITIES = listOf(
  {
    [CONFIDENTIALITY_SYSTEM]: words('N R V'),
    [VISIBILITY_SYSTEM]: words('MASQUE_PS INVISIBLE_PATIENT INVISIBLE_REPRESENTANTS_LEGAUX'),
  },
  true,
);

/** JDV_J59: activity of the stay, as far as public text names its codes, or the sector of activity. */
const ACTIVITIES = words('03 04 05 06 07 08 09 10 19 20 23 26 32 97');
const CONTENT_TYPES: CodeList = {
  closed: false,
  systemOf: (code) => (ACTIVITIES.includes(code) ? '1.2.250.1.213.2.2' : FACILITIES.systemOf(code)),
};

/** Lists by the name of their attribute. */
export const CODE_LISTS = {
  classCode: CLASSES,
  typeCode: TYPES,
  formatCode: FORMATS,
  healthcareFacilityTypeCode: FACILITIES,
  practiceSettingCode: PRACTICES,
  confidentialityCode: CONFIDENTIALITIES,
  contentTypeCode: CONTENT_TYPES,
} as const satisfies Record<string, CodeList>;
