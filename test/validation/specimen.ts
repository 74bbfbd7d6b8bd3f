import { schema } from './packs-made.ts';

/**
 * A small schema that has what the CDA schemas have: data types derived by restriction and chosen by xsi:type, a
 * narrative in a file without a namespace, an extension in another namespace, identifiers and references.
 */
export const SPECIMEN: Readonly<Record<string, string>> = {
  'infrastructure/cda/CDA.xsd': schema(`
<xs:include schemaLocation="types.xsd"/>
<xs:include schemaLocation="narrative.xsd"/>
<xs:import namespace="urn:extra" schemaLocation="extra.xsd"/>
<xs:element name="ClinicalDocument">
  <xs:complexType>
    <xs:sequence>
      <xs:element name="id" type="II"/>
      <xs:element name="code" type="CS"/>
      <xs:element name="title" type="ST" minOccurs="0"/>
      <xs:element name="telecom" type="TEL" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="value" type="ANY" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="text" type="Narrative" minOccurs="0"/>
      <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="classCode" fixed="DOC"/>
    <xs:attribute name="moodCode" use="required"/>
  </xs:complexType>
</xs:element>`),
  'infrastructure/cda/types.xsd': schema(`
<xs:simpleType name="url"><xs:restriction base="xs:anyURI"/></xs:simpleType>
<xs:complexType name="ANY" abstract="true"/>
<xs:complexType name="II">
  <xs:attribute name="root" use="required">
    <xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[0-9.]+"/></xs:restriction></xs:simpleType>
  </xs:attribute>
  <xs:attribute name="extension">
    <xs:simpleType><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
  </xs:attribute>
</xs:complexType>
<xs:complexType name="CS">
  <xs:attribute name="code">
    <xs:simpleType>
      <xs:restriction base="xs:NMTOKEN"><xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction>
    </xs:simpleType>
  </xs:attribute>
</xs:complexType>
<xs:complexType name="TEL"><xs:attribute name="value" type="url"/></xs:complexType>
<xs:complexType name="ED" mixed="true">
  <xs:complexContent><xs:extension base="ANY">
    <xs:sequence><xs:element name="reference" type="TEL" minOccurs="0"/></xs:sequence>
    <xs:attribute name="mediaType"/>
  </xs:extension></xs:complexContent>
</xs:complexType>
<xs:complexType name="ST" mixed="true">
  <xs:complexContent><xs:restriction base="ED">
    <xs:sequence><xs:element name="reference" type="TEL" minOccurs="0" maxOccurs="0"/></xs:sequence>
    <xs:attribute name="mediaType" use="prohibited"/>
  </xs:restriction></xs:complexContent>
</xs:complexType>
<xs:complexType name="SC" mixed="true">
  <xs:complexContent><xs:extension base="ST"><xs:attribute name="code"/></xs:extension></xs:complexContent>
</xs:complexType>
<xs:complexType name="INT">
  <xs:complexContent><xs:extension base="ANY"><xs:attribute name="value" type="xs:int"/></xs:extension></xs:complexContent>
</xs:complexType>`),
  'infrastructure/cda/narrative.xsd': schema(
    `
<xs:attributeGroup name="known"><xs:attribute name="ID" type="Label"/></xs:attributeGroup>
<xs:simpleType name="Label"><xs:restriction base="xs:ID"/></xs:simpleType>
<xs:simpleType name="Labels"><xs:list itemType="xs:IDREF"/></xs:simpleType>
<xs:group name="inline">
  <xs:choice>
    <xs:element name="content" type="Narrative"/>
    <xs:element name="footnoteRef"><xs:complexType><xs:attribute name="IDREF" type="xs:IDREF"/></xs:complexType></xs:element>
    <xs:element name="renderMultiMedia">
      <xs:complexType>
        <xs:attribute name="referencedObject" type="xs:IDREFS"/>
        <xs:attribute name="styleCode" type="xs:NMTOKENS"/>
      </xs:complexType>
    </xs:element>
    <xs:element name="td"><xs:complexType><xs:attribute name="headers" type="Labels"/></xs:complexType></xs:element>
    <xs:element name="anchor" type="xs:IDREF"/>
  </xs:choice>
</xs:group>
<xs:complexType name="Narrative" mixed="true">
  <xs:group ref="inline" minOccurs="0" maxOccurs="unbounded"/>
  <xs:attributeGroup ref="known"/>
</xs:complexType>`,
    null,
  ),
  'infrastructure/cda/extra.xsd': schema(
    `
<xs:attribute name="id" type="xs:ID"/>
<xs:element name="anything" abstract="true"/>
<xs:element name="note" substitutionGroup="anything">
  <xs:complexType>
    <xs:sequence><xs:element ref="anything" minOccurs="0"/></xs:sequence>
    <xs:attribute name="refersTo" type="xs:IDREF"/>
    <xs:anyAttribute namespace="##any" processContents="lax"/>
  </xs:complexType>
</xs:element>
<xs:element name="closed">
  <xs:complexType><xs:sequence><xs:any processContents="skip"/></xs:sequence></xs:complexType>
</xs:element>`,
    'urn:extra',
  ),
};

const START = `<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:e="urn:extra" moodCode="EVN">`;

/** A document whose second line is `<id/><code/>` and whose third line is `rest`. */
export function specimen(rest: string, second = '<id root="1.2"/><code code="A"/>', start = START): string {
  return `${start}\n${second}\n${rest}</ClinicalDocument>`;
}
