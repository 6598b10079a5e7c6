/**
 * `node scripts/node.mjs PROGRAM [ARGUMENTS]`: runs a program with this Node if it is new enough, otherwise
 * with the one in `.agenthook/node`, which it fetches if necessary.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureNode } from './lib/node.mjs';

await ensureNode();
// The program sees the command line that it would see without this script.
const [node, , program, ...args] = process.argv;
process.argv = [node, resolve(program), ...args];
await import(pathToFileURL(process.argv[1]).href);
