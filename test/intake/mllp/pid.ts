/** PID of the patient of a document, as its header has them. */
export function pidOf(text: string): string {
  const of = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const ins = of(/<id root="1\.2\.250\.1\.213\.1\.4\.10" extension="(\w+)"/);
  const family = of(/<family qualifier="BR">([^<]*)/);
  const [given, all] = [of(/<given qualifier="BR">([^<]*)/), of(/<given>([^<]*)/)];
  const [birth, sex, place] = [
    of(/<birthTime value="(\d+)/),
    of(/GenderCode code="(\w)/),
    of(/<county>(\w+)/),
  ];
  return `PID|1||${ins}^^^&1.2.250.1.213.1.4.10&ISO^INS||${family}^${given}^${all}^^^^L||${birth}|${sex}|||^^^^^^BDL^^${place}|||||||1^^^CHD&0B0000012&N^AN||||||||||||||VALI`;
}
