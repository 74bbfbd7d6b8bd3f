// `npm run docs`: writes the pages of docs/ that are made from the source.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alarmsPage,
  errorsPage,
  errorTables,
  limitsPage,
  limitTables,
  root,
  settingsPage,
} from './reference.ts';

writeFileSync(join(root, 'docs', 'errors.md'), errorsPage(await errorTables()));
writeFileSync(join(root, 'docs', 'limits.md'), limitsPage(await limitTables()));
writeFileSync(join(root, 'docs', 'indicator-settings.md'), settingsPage());
writeFileSync(join(root, 'docs', 'alarms.md'), alarmsPage());
