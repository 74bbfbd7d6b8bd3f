import { describe, expect, test } from 'vitest';
import type { SwitchChanges } from '../../../src/sandbox/dmp/switches.ts';
import { altered, type Change, type Deposit, deposit, errorsOf, mtom, statusOf } from './requests.ts';
import type { Running } from './running.ts';

/** Sends a deposit that must be refused, and gives its errors as `errorCode own-code`, sorted. */
export async function refusals(dmp: Running, request: Deposit): Promise<string[]> {
  const reply = await dmp.send(mtom(request));
  expect([reply.status, statusOf(reply)]).toEqual([200, 'Failure']);
  return errorsOf(reply).sort();
}

export type Row = [what: string, from: string | RegExp, to: Change, ...errors: string[]];

const full = (error: string): string => (error.includes(' ') ? error : `XDSRegistryMetadataError ${error}`);

/** Each row changes one thing of the golden request and names every error that follows. Without IHE code: metadata. */
export function table(
  dmp: Running,
  title: string,
  rows: Row[],
  switches: SwitchChanges = {},
  original: () => Deposit = deposit,
): void {
  describe(title, () => {
    test.each(rows)('%s', async (_, from, to, ...errors) => {
      await dmp.switches(switches);
      expect(await refusals(dmp, altered(original(), from, to))).toEqual(errors.map(full).sort());
    });
  });
}

export const inEntry = (pattern: string): RegExp => new RegExp(`(<rim:ExtrinsicObject[\\s\\S]*?)${pattern}`);
export const replaceInEntry =
  (text: string): Change =>
  (_, before) =>
    `${before}${text}`;
export const classificationOf = (role: string): RegExp =>
  new RegExp(`<rim:Classification id="Doc01-${role}[\\s\\S]*?</rim:Classification>\\n?`);
export const identifier = (name: string): RegExp =>
  new RegExp(`<rim:ExternalIdentifier id="${name}[\\s\\S]*?</rim:ExternalIdentifier>\\n?`);
export const twice: Change = (found) => found! + found!.replace(/ id="/, ' id="again-');

export const value = (name: string): RegExp => new RegExp(`(name="${name}"><rim:ValueList><rim:Value>)[^<]*`);
export const to =
  (text: string): Change =>
  (_, before) =>
    before + text;

export const coded = (role: string): RegExp =>
  new RegExp(`(id="Doc01-${role}-[^"]*"[\\s\\S]*?name="codingScheme"><rim:ValueList><rim:Value>)[^<]*`);
