/** Small documents of our own that the expressions of `questions.ts` are evaluated on, by name. */
export const documents = {
  ward: `<?xml version="1.0" encoding="UTF-8"?>
<!--before--><?order visit?><ward xmlns="urn:example:ward" xmlns:x="urn:example:extra" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="W1" floor="2">
  <bed id="b1" code="A" x:code="XA"><patient born="1950-02-28" weight="70.5">Martin</patient><stay from="20240115" to="20240120"/></bed>
  <bed id="b2" code="B"><patient born="1980-12-31" weight="070.50">  Durand
   Paul </patient><stay from="20240116"/></bed>
  <bed id="b3" code="A" empty="true"/>
  <!--a remark-->
  <bed id="b4" code="c" nullFlavor=""><patient weight="">Élise</patient><stay from="20231231" to="20240101"/><stay from="20240201" to="20240202"/></bed>
  <x:note lang="fr" xsi:type="x:LONG">mot <b>gras</b> suite <i>fin</i></x:note>
  <total unit="kg">141</total>
  <empty/>
  <blank>   </blank>
  <codes>A B  C
	D</codes>
</ward>`,
  numbers: `<numbers>
  <n>1</n><n>2</n><n>10</n><n> 3 </n><n>-4.5</n><n>1e2</n><n>abc</n><n/><n>NaN</n><n>INF</n><n>007</n>
  <d v="2024-02-29"/><d v="2023-03-01"/><d v="20240229"/>
  <t v="true"/><t v="false"/><t v="1"/><t v="0"/><t v="yes"/>
</numbers>`,
  tree: `<a><b n="1"><c n="2"/><c n="3"><d n="4">t1<e/>t2</d></c></b><b n="5"><c n="6"/></b><f n="7"><b n="8"><b n="9"/></b></f><?pi data?><!--c--></a>`,
  codes: `<set xmlns="urn:example:set"><concept code="M1" system="1.2.3" display="Un"/><concept code="M2" system="1.2.3" display="Deux"/><concept code="M1" system="1.2.4" display="Autre"/><concept code="m2" system="1.2.4"/><list>M1|M2|M3</list></set>`,
  plane: `<t a="a\u{1F600}b" e="e\u0301" n="\u00e9" s="&#x20AC;&#9;x&#10;y">\u{1F600}\u{1F601}</t>`,
} as const;

export type DocumentName = keyof typeof documents;

/** Prefixes that every expression may use, beside those that XPath knows by itself. */
export const prefixes = {
  w: 'urn:example:ward',
  x: 'urn:example:extra',
  s: 'urn:example:set',
  xs: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;
