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
 * Read in the XML of each example by eye: codes as they stand in the header, times minus the offset that is written with them,
 * class and format in the agency's correspondences for that code and template. Columns: file, typeCode, classCode, formatCode,
 * practiceSettingCode, healthcareFacilityTypeCode, creationTime, serviceStartTime, number of authors.
 */
const TABLE = `
  ANEST-CR-ANEST_2022.01.xml | 77436-4 | 10 | urn:asip:ci-sis:cr-anest:2020 | ETABLISSEMENT | SA01 | 20200319101700 | 20200319081100 | 1
  ANEST-CR-CPA_2022.01.xml | 34749-2 | 10 | urn:asip:ci-sis:cr-cpa:2020 | ETABLISSEMENT | SA01 | 20200317161100 | 20200317161100 | 1
  AVC-PAVC_2022.01.xml | 11488-4 | 10 | urn:asip:ci-sis:pavc:2016 | ETABLISSEMENT | SA01 | 20181201100000 | 20181201101700 | 1
  AVC-AUNV_2022.01.xml | 34133-9 | 11 | urn:asip:ci-sis:aunv:2013 | ETABLISSEMENT | SA04 | 20180923222000 | 20120328101700 | 1
  BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml | 11502-2 | 10 | urn:ihe:iti:xds-sd:pdf:2008 | AMBULATOIRE | SA25 | 20210104150527 | 20210104082200 | 1
  BIO-CR-BIO_2024.01_DEP-CCU-HPV-structuré-CYTO-pdf.xml.xml | 11502-2 | 10 | urn:ihe:lab:xd-lab:2008 | AMBULATOIRE | SA25 | 20240104150527 | 20240104082200 | 2
  BIO-TROD_2024.01_Angine.xml | 96173-0 | 52 | urn:asipSante:modelesHorsProfils:2011 | DEPISTAGE | SA33 | 20240106103623 | 20240106103623 | 1
  CANCER-CR-GM_2022.01_AnalyseRealisee.xml | 51969-4 | 10 | urn:asip:ci-sis:crgm:2018 | ETABLISSEMENT | SA29 | 20180123114500 | 20180123144500 | 3
  CANCER-FRCP_2022.01_Appareil.xml | 34794-8 | 10 | urn:asip:ci-sis:frcp:2011 | ETABLISSEMENT | SA01 | 20190218084914 | 20190218144500 | 1
  CANCER-PPS_2022.01_feuille-de-style-externe.xml | 18776-5 | 44 | urn:asip:ci-sis:pps-cancer:2017 | ETABLISSEMENT | SA01 | 20210113111700 | 20190930111700 | 1
  CNAM-HR_2021.01.xml | REMB | 60 | urn:asip:ci-sis:hr:2019 | AMO | SA24 | 20190701154900 | 20190101144500 | 1
  CSE-CS8_2025.01.xml | CERT_DECL | 52 | urn:asip:ci-sis:cse-cs8:2017 | ETABLISSEMENT | SA03 | 20210503104500 | 20210503104500 | 1
  IMG_CR_IMG_2024.01.xml | 18748-4 | 31 | urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013 | AMBULATOIRE | SA08 | 20210108101700 | 20210108092500 | 1
  IPS-FR_2024.01.xml | 60591-5 | 11 | urn:ihe:pcc:ips:2020 | ETABLISSEMENT | SA04 | 20240402101700 | 20240402101700 | 1
  LDL-SES_2022.01.xml | 11490-0 | 10 | urn:asip:ci-sis:ldl-ses:2017 | ETABLISSEMENT | SA01 | 20191203123000 | 20191029101700 | 1
  OBP-SAP_2024.01.xml | 57055-6 | 11 | urn:asip:ci-sis:obp-sap:2023 | ETABLISSEMENT | SA04 | 20230322153000 | 20230322151000 | 1
  OPH-BRE_2022.02.xml | 78513-9 | 10 | urn:ihe:eyecare:geneyeevalcn:2014 | AMBULATOIRE | SA41 | 20210827083000 | 20210827144500 | 1
  TLM-CR_2022.01.xml | 85208-7 | 10 | urn:ihe:iti:xds-sd:pdf:2008 | ETABLISSEMENT | SA03 | 20200327143500 | 20200327144500 | 1
  VAC-NOTE_2023.01.xml | 87273-9 | 52 | urn:asip:ci-sis:vac-note:2021 | AMBULATOIRE | SA07 | 20210409143500 | 20210409143500 | 1
  VSM_1.4_2022.01.xml | SYNTH | 11 | urn:asip:ci-sis:vsm:2012 | ETABLISSEMENT | SA04 | 20200312101700 | 20200312101700 | 1
  eDISP-MED_2024.01.xml | 60593-1 | 43 | urn:ihe:pharm:dis:2010 | AMBULATOIRE | SA33 | 20241225083000 | 20241225080000 | 2
  eP-MED-DM_2024.01_PosoStruct.xml | 57833-6 | 42 | urn:ihe:pharm:pre:2010 | AMBULATOIRE | SA07 | 20231201083000 | 20231201081000 | 1
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(' | '));

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

  test('a self-presenting example keeps the metadata of the document inside the style sheet', () => {
    const [entry] = derived(factsOf('BIO-CR-BIO_2021.01_Auto-Presentable.xml')).lot.entries;
    expect(entry).toMatchObject({ mimeType: 'application/xslt+xml', typeCode: { code: '11502-2' } });
  });

  test('no example is reproached with anything but an author without structure or name of it', () => {
    const reproaches = readdirSync(folder).flatMap((file) =>
      derived(factsOf(file)).findings.map(({ code }) => `${code} ${file.split(/_|-[A-Z]{3}_/)[0]}`),
    );
    expect([...new Set(reproaches)].toSorted()).toEqual([
      'dmp.author-institution-differs SDM-MR',
      'dmp.author-institution-differs TLM-DA',
      'dmp.institution-name-lent CARD-F-PRC',
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
