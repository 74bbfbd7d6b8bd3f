import { parentPort, workerData } from 'node:worker_threads';
import { openKeys } from '../keys.ts';
import { verifyLedger } from '../verify.ts';
import { readWitness } from '../witnesses/file.ts';
import { openSqliteCopy } from './copy.ts';
import type { Verification } from './verify-apart.ts';

const { folder, keyFile, witnessFiles, establishment } = workerData as Verification;
const copy = openSqliteCopy(folder, openKeys(keyFile, false));
const witness = witnessFiles.length > 0 ? { witness: witnessFiles.flatMap(readWitness) } : {};
parentPort!.postMessage(verifyLedger(copy, { ...witness, establishment })[0]);
copy.close();
