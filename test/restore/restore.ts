import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreJourney } from './journey.ts';

/** `npm run test:restore -- --documents N`: backup, N documents more, the data folder destroyed, restore, everything sent again. */
const { values } = parseArgs({ options: { documents: { type: 'string', default: '500' } } });
const folder = mkdtempSync(join(tmpdir(), 'viaduc-restore-'));
try {
  const { output, report, ...found } = await restoreJourney(folder, Number(values.documents));
  console.log(output);
  console.log(
    JSON.stringify(
      { ...found, problems: report.problems, witnessedTo: report.witnessedTo, events: report.events },
      null,
      2,
    ),
  );
  const kept =
    found.doubled.length === 0 &&
    report.problems.length === 0 &&
    found.documentsAtDmp === found.delivered &&
    found.lost !== null;
  console.log(kept ? 'nothing doubled, the gap is named' : 'BROKEN');
  process.exitCode = kept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
