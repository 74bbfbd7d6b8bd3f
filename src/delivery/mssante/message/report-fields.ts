import { messageLimits } from './limits.ts';

/** Fields of one block of a report, by lower-case name; one name may come several times. */
export type ReportFields = ReadonlyMap<string, readonly string[]>;

/** The blocks of a report (RFC 3464, section 2.1): fields of a header, unfolded, apart by empty lines. */
export function reportBlocks(bytes: Uint8Array): ReportFields[] {
  const text = Buffer.from(bytes).toString('utf8').replace(/\r\n?/g, '\n');
  const lines = text.replace(/\n[ \t]+(?=\S)/g, ' ').split('\n', messageLimits.reportFields.value);
  const blocks: Map<string, string[]>[] = [new Map()];
  for (const line of lines) {
    if (line.trim() === '') blocks.push(new Map());
    else addField(blocks.at(-1)!, line);
  }
  return blocks.filter(({ size }) => size > 0);
}

function addField(block: Map<string, string[]>, line: string): void {
  const colon = line.indexOf(':');
  if (colon <= 0) return;
  const name = line.slice(0, colon).trim().toLowerCase();
  block.set(name, [...(block.get(name) ?? []), line.slice(colon + 1).trim()]);
}

export function first(fields: ReportFields | undefined, name: string): string | null {
  return fields?.get(name)?.[0] || null;
}

/** The address of a field `rfc822; address`, null without one. */
export function addressIn(value: string | null): string | null {
  const address = value?.replace(/^[\w-]+\s*;/, '').replace(/[<>\s]/g, '') ?? '';
  return address.includes('@') ? address : null;
}
