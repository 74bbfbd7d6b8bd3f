import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../gateway/running.ts';

let parts: { header: string; before: string; after: string } | null = null;
let count = 0;

/** The biology message of the samples with another document and its own MSH-10. */
export function readSample(document: Buffer): Buffer {
  parts ??= cut(readFileSync(join(repository, 'samples', 'messages', 'oru-biology.hl7'), 'latin1'));
  count += 1;
  const { header, before, after } = parts;
  const id = `${process.pid.toString(36)}-${Date.now().toString(36)}-${count}`;
  return Buffer.from(
    header.replace('|DEMO-0001|', `|${id}|`) + before + document.toString('base64') + after,
    'latin1',
  );
}

function cut(text: string): { header: string; before: string; after: string } {
  const message = text.replace(/\n/g, '\r').replace(/(ACK_RECEPTION[^|]*\|\|)Y/, '$1N');
  const headerEnd = message.indexOf('\r') + 1;
  const from = message.indexOf('^Base64^') + '^Base64^'.length;
  const to = message.indexOf('|', from);
  return {
    header: message.slice(0, headerEnd),
    before: message.slice(headerEnd, from),
    after: message.slice(to),
  };
}
