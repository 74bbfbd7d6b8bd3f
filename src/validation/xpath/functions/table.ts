import { dates } from './dates.ts';
import { nodes } from './nodes.ts';
import { numbers } from './numbers.ts';
import type { FunctionTable } from './row.ts';
import { sequences } from './sequences.ts';
import { strings } from './strings.ts';

/** The functions that are called with converted arguments; the others are written out by the code generator. */
export const functions: FunctionTable = { ...strings, ...numbers, ...sequences, ...nodes, ...dates };
