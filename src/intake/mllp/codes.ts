/** Codes of table 0357 that the interface keeps, with the labels to emit. */
export const CONDITIONS: Readonly<Record<string, string>> = {
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '198': 'Non-conformant cardinality',
  '199': 'Other HL7 Error',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '207': 'Application error',
};

/** What each of our codes is in that table; everything else is an application error. */
const BY_CODE: Readonly<Record<string, string>> = {
  'hl7v2.no-header': '100',
  'hl7v2.delimiters': '102',
  'hl7v2.charset-unknown': '103',
  'hl7v2.too-many-segments': '198',
  'hl7v2.frame-broken': '199',
  'hl7v2.frame-too-large': '199',
  'message.charset-fallback': '199',
  'message.type-unknown': '200',
  'message.event-unknown': '201',
  'message.processing-id': '202',
  'message.version': '203',
  'message.segment-missing': '100',
  'message.segment-unexpected': '100',
  'message.field-missing': '101',
  'message.field-form': '102',
  'message.value-unknown': '103',
  'message.cardinality': '198',
  'message.flag-missing': '101',
  'message.flag-value': '103',
  'message.recipient-missing': '101',
  'message.requester-missing': '101',
};

export function conditionOf(code: string): string {
  return Object.hasOwn(BY_CODE, code) ? BY_CODE[code]! : '207';
}
