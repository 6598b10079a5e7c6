import { statfs } from 'node:fs/promises';

const MB = 2 ** 20;
/** The free space that Redis needs to go on writing and to rewrite its file, in MB. */
const NEEDED_MB = 16;
/** With less free space than this, writes fail at any moment, in MB. */
const FULL_MB = 2;

/**
 * Checks the disk of the folder in which Redis keeps its data.
 *
 * @param dir the folder; undefined if it is not on this machine. One that cannot be read is not checked
 * @returns one line why Redis cannot write, and one that it soon cannot
 */
export async function checkDisk(
  dir: string | undefined,
): Promise<{ refusals: string[]; warnings: string[] }> {
  if (dir === undefined) return { refusals: [], warnings: [] };
  const { bavail, bsize } = await statfs(dir).catch(() => ({ bavail: Number.POSITIVE_INFINITY, bsize: 1 }));
  const free = (bavail * bsize) / MB;
  const line = `disk full, ${NEEDED_MB} MB needed: ${free.toFixed(1)} MB are free in ${dir}.`;
  if (free < FULL_MB) return { refusals: [`Redis cannot write: ${line}`], warnings: [] };
  return { refusals: [], warnings: free < NEEDED_MB ? [`Redis soon cannot write: ${line}`] : [] };
}
