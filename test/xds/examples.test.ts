import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../src/cda/facts.ts';
import type { DocumentFacts } from '../../src/words/document.ts';
import { deriveLot } from '../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../src/xds/ebxml.ts';
import { authorStructures } from '../../src/xds/people.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { lotOf } from './discharge-letter.ts';

const shared = process.env.VIADUC_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');
const folder = join(shared, 'ans', 'TestContenuCDA-3-0', 'ExemplesCDA');
const present = existsSync(folder);
const why = present ? '' : ` (skipped: no agency examples at ${folder})`;

function factsOf(file: string): DocumentFacts {
  const bytes = readFileSync(join(folder, file));
  return readFacts(parseXml(bytes), bytes).facts!;
}

/** The lot as the structure of the first author would send it. */
function derived(facts: DocumentFacts) {
  const [id = '1750803447'] = authorStructures(facts);
  return deriveLot(lotOf(facts, { structure: { id, name: 'Structure' } }));
}

/**
 * Read in the XML of one example of every document type (code and model) by eye, and once more by a reader of our own that
 * shares nothing with Viaduc: codes as they stand in the header, times minus the offset that is written with them, class and
 * format in the agency's correspondences for that code and template. Columns: file, typeCode, classCode, formatCode,
 * practiceSettingCode, healthcareFacilityTypeCode, creationTime, serviceStartTime, number of authors.
 */
const TABLE = `
  01_Modèles_contenus_CDA.xml | 60591-5 | 11 | urn:asip:ci-sis:vsm:2012 | ETABLISSEMENT | SA04 | 202302091030 | 20230209105000 | 1
  ANEST-CR-ANEST_2022.01.xml | 77436-4 | 10 | urn:asip:ci-sis:cr-anest:2020 | ETABLISSEMENT | SA01 | 20200319101700 | 20200319081100 | 1
  ANEST-CR-CPA_2022.01.xml | 34749-2 | 10 | urn:asip:ci-sis:cr-cpa:2020 | ETABLISSEMENT | SA01 | 20200317161100 | 20200317161100 | 1
  AVC-AUNV_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:aunv:2013 | ETABLISSEMENT | SA04 | 20180923222000 | 20120328101700 | 1
  AVC-EUNV_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:eunv:2013 | ETABLISSEMENT | SA04 | 20181001101700 | 20181001101700 | 1
  AVC-PAVC_2022.01.xml | 11488-4 | 10 | urn:asip:ci-sis:pavc:2016 | ETABLISSEMENT | SA01 | 20181201100000 | 20181201101700 | 1
  AVC-SUNV_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:sunv:2013 | ETABLISSEMENT | SA04 | 20181003101700 | 20181003110000 | 1
  BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml | 11502-2 | 10 | urn:ihe:iti:xds-sd:pdf:2008 | AMBULATOIRE | SA25 | 20210104150527 | 20210104082200 | 1
  BIO-CR-BIO_2024.01_DEP-CCU-HPV-structuré-CYTO-pdf.xml.xml | 11502-2 | 10 | urn:ihe:lab:xd-lab:2008 | AMBULATOIRE | SA25 | 20240104150527 | 20240104082200 | 2
  BIO-TROD_2024.01_Angine.xml | 96173-0 | 52 | urn:asipSante:modelesHorsProfils:2011 | DEPISTAGE | SA33 | 20240106103623 | 20240106103623 | 1
  CANCER-CR-GM_2022.01_AnalyseRealisee.xml | 51969-4 | 10 | urn:asip:ci-sis:crgm:2018 | ETABLISSEMENT | SA29 | 20180123114500 | 20180123144500 | 3
  CANCER-D2LM-FIDD_2022.01.xml | 18748-4 | 31 | urn:asip:ci-sis:d2lm-fidd:2017 | DEPISTAGE | SA01 | 20210729111700 | 20210729101700 | 1
  CANCER-D2LM-FIN_2022.01.xml | 18748-4 | 31 | urn:asip:ci-sis:d2lm-fin:2017 | DEPISTAGE | SA01 | 20210729111700 | 20210729101700 | 2
  CANCER-FRCP_2022.01_Appareil.xml | 34794-8 | 10 | urn:asip:ci-sis:frcp:2011 | ETABLISSEMENT | SA01 | 20190218084914 | 20190218144500 | 1
  CANCER-PPS_2022.01_feuille-de-style-externe.xml | 18776-5 | 44 | urn:asip:ci-sis:pps-cancer:2017 | ETABLISSEMENT | SA01 | 20210113111700 | 20190930111700 | 1
  CARD-F-PRC-AVK_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:avk:2009 | AMBULATOIRE | SA21 | 20080929084914 | 20100104142530 | 1
  CARD-F-PRC-DCI_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:dci:2009 | AMBULATOIRE | SA21 | 20080929084914 | 20100104142500 | 1
  CARD-F-PRC-PPV_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:ppv:2009 | ETABLISSEMENT | SA01 | 20080929084914 | 20200319081100 | 1
  CARD-F-PRC-PSC_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:psc:2009 | AMBULATOIRE | SA21 | 20080929084914 | 20220104142530 | 1
  CARD-F-PRC-TAP_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:tap:2009 | AMBULATOIRE | SA21 | 20080929084914 | 20220104142530 | 1
  CNAM-HR_2021.01.xml | REMB | 60 | urn:asip:ci-sis:hr:2019 | AMO | SA24 | 20190701154900 | 20190101144500 | 1
  CSE-CS24_2024.01.xml | CERT_DECL | 52 | urn:asip:ci-sis:cse-cs24:2017 | ETABLISSEMENT | SA03 | 20210803103623 | 20210803103623 | 1
  CSE-CS8_2025.01.xml | CERT_DECL | 52 | urn:asip:ci-sis:cse-cs8:2017 | ETABLISSEMENT | SA03 | 20210503104500 | 20210503104500 | 1
  CSE-CS9_2024.01.xml | CERT_DECL | 52 | urn:asip:ci-sis:cse-cs9:2017 | ETABLISSEMENT | SA03 | 20210211084914 | 20210211084914 | 1
  CSE-MDE_2023.01.xml | 29274-8 | 10 | urn:ans:ci-sis:cse-mde:2023 | ETABLISSEMENT | SA05 | 20230106103623 | 20230106103623 | 1
  DLU-EHPAD-DLU_2022.01.xml | 74207-2 | 11 | urn:asip:ci-sis:dlu:2015 | ETABLISSEMENT | SA17 | 20200327143500 | 20200327143500 | 1
  DLU-EHPAD-FLUDR_2022.01.xml | 74207-2 | 11 | urn:asip:ci-sis:fludr:2017 | ETABLISSEMENT | SA01 | 20200328165500 | 20200328165500 | 1
  DLU-EHPAD-FLUDT_2022.01.xml | 74207-2 | 11 | urn:asip:ci-sis:fludt:2017 | ETABLISSEMENT | SA17 | 20200327143500 | 20200327165000 | 1
  IMG-DA-IMG_2024.01_Mammo-Echo-Seins.xml | 55115-0 | 42 | urn:ans:ci-sis:img-da:2022 | AMBULATOIRE | SA08 | 20210112101700 | 20210112092500 | 1
  IMG_CR_IMG_2024.01.xml | 18748-4 | 31 | urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013 | AMBULATOIRE | SA08 | 20210108101700 | 20210108092500 | 1
  IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml | 18748-4 | 31 | urn:ihe:iti:xds-sd:pdf:2008 | AMBULATOIRE | SA08 | 20210108101700 | 20210108092500 | 1
  IPS-FR_2024.01.xml | 60591-5 | 11 | urn:ihe:pcc:ips:2020 | ETABLISSEMENT | SA04 | 20240402101700 | 20240402101700 | 1
  IPS-FR_2024.01_DLU.xml | 74207-2 | 11 | urn:ihe:pcc:ips:2020 | ETABLISSEMENT | SA17 | 20240402101700 | 20240402101700 | 1
  LDL-EES_2022.01.xml | 18761-7 | 11 | urn:asip:ci-sis:ldl-ees:2017 | ETABLISSEMENT | SA01 | 20191029101700 | 20191029101700 | 1
  LDL-SES_2022.01.xml | 11490-0 | 10 | urn:asip:ci-sis:ldl-ses:2017 | ETABLISSEMENT | SA01 | 20191203123000 | 20191029101700 | 1
  OBP-SAP_2024.01.xml | 57055-6 | 11 | urn:asip:ci-sis:obp-sap:2023 | ETABLISSEMENT | SA04 | 20230322153000 | 20230322151000 | 1
  OBP-SCM_2024.01.xml | 89235-6 | 11 | urn:asip:ci-sis:obp-scm:2023 | ETABLISSEMENT | SA04 | 20210328101700 | 20210328101700 | 1
  OBP-SEM_2024.01.xml | 78489-2 | 11 | urn:asip:ci-sis:obp-sem:2023 | ETABLISSEMENT | SA04 | 20230428101700 | 20210328101700 | 1
  OBP-SNE_2024.01.xml | 57075-4 | 11 | urn:asip:ci-sis:obp-sne:2023 | ETABLISSEMENT | SA04 | 20230425101700 | 20230425070000 | 1
  OBP-SNM_2024.01.xml | 57057-2 | 11 | urn:asip:ci-sis:obp-snm:2023 | ETABLISSEMENT | SA04 | 20230425101700 | 20230425070000 | 1
  OPH-BRE_2022.02.xml | 78513-9 | 10 | urn:ihe:eyecare:geneyeevalcn:2014 | AMBULATOIRE | SA41 | 20210827083000 | 20210827144500 | 1
  OPH-CR-RTN_2022.01.xml | 75492-9 | 10 | urn:asip:ci-sis:crrtn:2013 | ETABLISSEMENT | SA07 | 20211104150528 | 20211104143000 | 1
  SDM-MR_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:sdm-mr:2017 | ETABLISSEMENT | SA01 | 20190128144500 | 20190128101700 | 1
  TLM-CR_2022.01.xml | 85208-7 | 10 | urn:ihe:iti:xds-sd:pdf:2008 | ETABLISSEMENT | SA03 | 20200327143500 | 20200327144500 | 1
  TLM-DA_2022.01_TCG.xml | 75496-0 | 10 | urn:asip:ci-sis:tlm-da:2020 | ETABLISSEMENT | SA03 | 20210327143500 | 20210327165045 | 1
  VAC-NOTE_2023.01.xml | 87273-9 | 52 | urn:asip:ci-sis:vac-note:2021 | AMBULATOIRE | SA07 | 20210409143500 | 20210409143500 | 1
  VAC_2023.01.xml | 11369-6 | 52 | urn:asip:ci-sis:vac:2019 | AMO | SA24 | 20210409160000 | 20210409160000 | 1
  VSM_1.4_2022.01.xml | SYNTH | 11 | urn:asip:ci-sis:vsm:2012 | ETABLISSEMENT | SA04 | 20200312101700 | 20200312101700 | 1
  eDISP-MED_2024.01.xml | 60593-1 | 43 | urn:ihe:pharm:dis:2010 | AMBULATOIRE | SA33 | 20241225083000 | 20241225080000 | 2
  eP-MED-DM_2024.01_PosoStruct.xml | 57833-6 | 42 | urn:ihe:pharm:pre:2010 | AMBULATOIRE | SA07 | 20231201083000 | 20231201081000 | 1
`;

/**
 * The same of who and when. Columns: file, uniqueId, last arc of the root of the INS (8: NIR, 10: test), local identifier of
 * the patient, identifier of the first author, of that author's structure, type and identifier of the legal authenticator,
 * specialty of the first author, serviceStopTime. A dash stands for what the document does not give; a matricule that
 * stands for a legal authenticator is left out.
 */
const PEOPLE = `
  01_Modèles_contenus_CDA.xml | 1.2.250.1.213.1.1.1.13.12345.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM26 | -
  ANEST-CR-ANEST_2022.01.xml | 1.2.250.1.213.1.1.1.40.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM02 | 20200319092200
  ANEST-CR-CPA_2022.01.xml | 1.2.250.1.213.1.1.1.41.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM02 | -
  AVC-AUNV_2022.01.xml | 1.2.250.1.213.1.1.1.15.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM32 | 20120330101700
  AVC-EUNV_2022.01.xml | 1.2.250.1.213.1.1.1.16.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM32 | 20181003101700
  AVC-PAVC_2022.01.xml | 1.2.250.1.213.1.1.1.25.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM32 | 20181201101700
  AVC-SUNV_2022.01.xml | 1.2.250.1.213.1.1.1.17.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM32 | 20181003110000
  BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml | 1.2.250.1.213.1.1.1.55.2021.3.1 | 10 | 1234567890121 | 801234534765 | 1120459876 | IDNPS 801234534765 | G15_10/SM03 | 20210104150500
  BIO-CR-BIO_2024.01_DEP-CCU-HPV-structuré-CYTO-pdf.xml.xml | 1.2.250.1.213.1.1.1.55.2024.3.1 | 10 | 1234567890121 | 801234534765 | 1120459876 | IDNPS 801234534765 | G15_10/SM03 | 20240104150500
  BIO-TROD_2024.01_Angine.xml | 1.2.250.1.213.1.1.1.59.2024.1.1 | 10 | - | 807655473259 | 2801234567 | IDNPS 807655473259 | G15_21/A | -
  CANCER-CR-GM_2022.01_AnalyseRealisee.xml | 1.2.250.1.213.1.1.1.32.2022.2.1 | 10 | 1234567890121 | 800100200300 | 1490012345 | IDNPS 801234567897 | G15_10/SM01 | 20180123144500
  CANCER-D2LM-FIDD_2022.01.xml | 1.2.250.1.213.1.1.1.28.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM55 | -
  CANCER-D2LM-FIN_2022.01.xml | 1.2.250.1.213.1.1.1.27.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM55 | -
  CANCER-FRCP_2022.01_Appareil.xml | 1.2.250.1.213.1.1.1.8.2022.1.1 | 10 | 1234567890121 | 401234567890009 | 1750100125 | IDNPS 801234567897 | G15_10/SM36 | -
  CANCER-PPS_2022.01_feuille-de-style-externe.xml | 1.2.250.1.213.1.1.1.26.2022.2.1 | 10 | 1234567890121 | 801234567897 | 2801234567 | IDNPS 801234567897 | G15_10/SM36 | -
  CARD-F-PRC-AVK_2022.01.xml | 1.2.250.1.213.1.1.1.2.1.1.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | EI 801234567897 | - | 20100104142530
  CARD-F-PRC-DCI_2022.01.xml | 1.2.250.1.213.1.1.1.2.1.3.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | EI 801234567897 | - | 20100104142530
  CARD-F-PRC-PPV_2022.01.xml | 1.2.250.1.213.1.1.1.2.1.5.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | - | 20200319092200
  CARD-F-PRC-PSC_2022.01.xml | 1.2.250.1.213.1.1.1.2.1.4.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | EI 801234567897 | - | 20220204142530
  CARD-F-PRC-TAP_2022.01.xml | 1.2.250.1.213.1.1.1.2.1.2.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | EI 801234567897 | - | 20220204142530
  CNAM-HR_2021.01.xml | 1.2.250.1.213.1.1.1.36.2021.1.1 | 10 | 1234567890121 | 518003502400041/1.2.250.1.215.1.2 | 318003502400041 | IDNPS 518003502400041/1.2.250.1.215.1.2 | ALIM_AM | 20190701144500
  CSE-CS24_2024.01.xml | 1.2.250.1.213.1.1.1.5.3.2024.1.1 | 8 | 594857603 | 801234567897 | 1120456789 | IDNPS 801234567897 | G15_10/SM40 | -
  CSE-CS8_2025.01.xml | 1.2.250.1.213.1.1.1.5.1.2024.2.1 | 10 | - | 801234567897 | 1120456789 | IDNPS 801234567897 | G15_10/SM40 | -
  CSE-CS9_2024.01.xml | 1.2.250.1.213.1.1.1.5.2.2024.1.1 | 8 | 594857603 | 801234567897 | 1120456789 | IDNPS 801234567897 | G15_10/SM40 | -
  CSE-MDE_2023.01.xml | 1.2.250.1.213.1.1.1.5.2023.1.1 | 8 | 1234567890121 | 801234567897 | 2801234567 | IDNPS 801234567897 | G15_10/SM40 | -
  DLU-EHPAD-DLU_2022.01.xml | 1.2.250.1.213.1.1.1.22.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM26 | 20200327145500
  DLU-EHPAD-FLUDR_2022.01.xml | 1.2.250.1.213.1.1.1.24.2022.1.1 | 10 | 1234567890121 | 801234545872 | 1137051849 | IDNPS 801234545872 | G15_10/SM26 | -
  DLU-EHPAD-FLUDT_2022.01.xml | 1.2.250.1.213.1.1.1.23.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM26 | -
  IMG-DA-IMG_2024.01_Mammo-Echo-Seins.xml | 1.2.250.1.213.1.1.1.47.2024.1.1 | 10 | 1234567890121 | 801234567897 | 1120456789 | IDNPS 801234567897 | G15_10/SM26 | 20210112101700
  IMG_CR_IMG_2024.01.xml | 1.2.250.1.213.1.1.1.45.2024.1.1 | 10 | 1234567890121 | 801234560801 | 1920008059 | IDNPS 801234560801 | G15_10/SM44 | 20210108101700
  IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml | 1.2.250.1.213.1.1.1.45.2024.2.1 | 10 | 1234567890121 | 801234560801 | 1750803447 | IDNPS 801234560801 | G15_10/SM44 | 20210108101700
  IPS-FR_2024.01.xml | 1.2.250.1.213.1.1.1.51.2024.1.1 | 10 | - | 801234567897 | 2801234567 | IDNPS 801234567897 | G15_10/SM26 | -
  IPS-FR_2024.01_DLU.xml | 1.2.250.1.213.1.1.1.51.2024.2.1 | 10 | - | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM26 | -
  LDL-EES_2022.01.xml | 1.2.250.1.213.1.1.1.21.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1120456789 | IDNPS 801234567897 | G15_10/SM26 | -
  LDL-SES_2022.01.xml | 1.2.250.1.213.1.1.1.29.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM27 | 20191203123000
  OBP-SAP_2024.01.xml | 1.2.250.1.213.1.1.1.12.1.2024.1.1 | 8 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM20 | 20230322153000
  OBP-SCM_2024.01.xml | 1.2.250.1.213.1.1.1.12.4.2024.1.1 | 8 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM20 | 20210330101700
  OBP-SEM_2024.01.xml | 1.2.250.1.213.1.1.1.12.5.2024.1.1 | 8 | 594857603 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM20 | 20210330101700
  OBP-SNE_2024.01.xml | 1.2.250.1.213.1.1.1.12.3.2024.1.1 | 8 | 594857603 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM20 | 20230425101000
  OBP-SNM_2024.01.xml | 1.2.250.1.213.1.1.1.12.2.2024.1.1 | 8 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM20 | 20230425101000
  OPH-BRE_2022.02.xml | 1.2.250.1.213.1.1.1.42.2022.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_28 | -
  OPH-CR-RTN_2022.01.xml | 1.2.250.1.213.1.1.1.18.2022.1.1 | 10 | 1234567890121 | 01234567897 | 1123888725 | IDNPS 01234567897 | G15_92 | 20211104150000
  SDM-MR_2022.01.xml | 1.2.250.1.213.1.1.1.30.2022.1.1 | 10 | 1234567890121 | 801234567897 | - | IDNPS 801234567897 | G15_10 | -
  TLM-CR_2022.01.xml | 1.3.6.1.4.1.19376.1.2.20.2022.1.1 | 10 | 1234567890121 | 801234567123 | 1750803447 | IDNPS 801234567123 | G15_10/SM26 | -
  TLM-DA_2022.01_TCG.xml | 1.2.250.1.213.1.1.1.38.2022.1.1 | 10 | 1234567890121 | 801234567897 | - | IDNPS 801234567897 | G15_10/SM26 | -
  VAC-NOTE_2023.01.xml | 1.2.250.1.213.1.1.1.46.2023.1.1 | 10 | 1234567890121 | 801234567897 | 1750803447 | IDNPS 801234567897 | G15_10/SM26 | -
  VAC_2023.01.xml | 1.2.250.1.213.1.1.1.37.2023.1.1 | 10 | - | 801234567897 | 1750803447 | NH | G15_10/SM26 | -
  VSM_1.4_2022.01.xml | 1.2.250.1.213.1.1.1.13.2022.1.1 | 10 | 1234567890121 | 801234567897 | 2801234567 | IDNPS 801234567897 | G15_10/SM26 | -
  eDISP-MED_2024.01.xml | 1.2.250.1.213.1.1.1.54.2024.1.1 | 8 | 1234567890121 | 578435954900010/1.2.250.1.176.1 | 378435954900010 | IDNPS 578435954900010/1.2.250.1.176.1 | DISPOSITIF | -
  eP-MED-DM_2024.01_PosoStruct.xml | 1.2.250.1.213.1.1.1.39.2024.2.1 | 10 | 1234567890121 | 801234567897 | 1750512345 | IDNPS 807505123456 | G15_10/SM26 | 20240730081000
`;

const rowsOf = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' | '));

const rows = rowsOf(TABLE);

describe.skipIf(!present)(`examples of the agency${why}`, () => {
  test.each(rows)('%s: type %s of class %s', (file, ...expected) => {
    const [entry] = derived(factsOf(file!)).lot.entries;
    expect([
      entry?.typeCode?.code,
      entry?.classCode?.code,
      entry?.formatCode?.code,
      entry?.practiceSettingCode?.code,
      entry?.healthcareFacilityTypeCode?.code,
      entry?.creationTime,
      entry?.serviceStartTime,
      String(entry?.authors.length),
    ]).toEqual(expected);
  });

  test.each(rowsOf(PEOPLE))('%s: who and when', (file, ...expected) => {
    const [entry] = derived(factsOf(file!)).lot.entries;
    const { authors, legalAuthenticator: legal, sourcePatientId: local } = entry!;
    const legalId = legal?.idType === 'NH' ? 'NH' : `${legal?.idType} ${legal?.id}`;
    expect([
      entry!.uniqueId,
      entry!.patientId!.authority.split('.').at(-1),
      local?.type === 'PI' ? local.value : '-',
      authors[0]?.person?.id ?? '-',
      authors[0]?.institutions[0]?.id ?? '-',
      legalId,
      authors[0]?.specialties[0]?.code ?? '-',
      entry!.serviceStopTime ?? '-',
    ]).toEqual(expected);
  });

  test('the tables hold every document type of the examples', () => {
    const typeOf = (file: string) => {
      const { code, templateIds } = factsOf(file);
      return `${code?.code} ${templateIds.at(-1)?.root}`;
    };
    const types = new Set(readdirSync(folder).map(typeOf));
    for (const table of [TABLE, PEOPLE])
      expect(new Set(rowsOf(table).map(([file]) => typeOf(file!)))).toEqual(types);
  });

  test('an imaging exam is told by its act, its modality and its region', () => {
    const [entry] = derived(factsOf('IMG_CR_IMG_2024.01.xml')).lot.entries;
    const codes = entry!.eventCodes.map(({ code, scheme }) => `${code} ${scheme}`);
    expect(codes.slice(0, 4)).toEqual([
      ...['24727-0 2.16.840.1.113883.6.1', 'ACQH004 1.2.250.1.215.300.1'],
      ...['CT 1.2.840.10008.2.16.4', '774007 2.16.840.1.113883.6.96'],
    ]);
  });

  test('a self-presenting example keeps the metadata of the document inside the style sheet', () => {
    const [entry] = derived(factsOf('BIO-CR-BIO_2021.01_Auto-Presentable.xml')).lot.entries;
    expect(entry).toMatchObject({ mimeType: 'application/xslt+xml', typeCode: { code: '11502-2' } });
  });

  test('examples are reproached with an author without structure or name of it, and with PDFs that are no PDF/A-1', () => {
    const reproaches = readdirSync(folder).flatMap((file) =>
      derived(factsOf(file)).findings.map(({ code }) => `${code} ${file.split(/_|-[A-Z]{3}_/)[0]}`),
    );
    expect([...new Set(reproaches)].toSorted()).toEqual([
      'dmp.author-institution-differs SDM-MR',
      'dmp.author-institution-differs TLM-DA',
      'dmp.institution-name-lent CARD-F-PRC',
      'dmp.pdf-not-a1 BIO-CR',
      'dmp.pdf-not-a1 DOC',
      'dmp.pdf-not-a1 IMG',
      'dmp.pdf-not-a1 TLM-CR',
    ]);
  });

  test('every example can be written', () => {
    for (const file of readdirSync(folder))
      expect(
        () => parseXml(Buffer.from(submitObjectsRequest(derived(factsOf(file)).lot).text)),
        file,
      ).not.toThrow();
  });
});
