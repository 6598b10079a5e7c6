import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './user-error.js';

/** The files of the two keys; a container mounts the same names. */
const KEY_FILES = { ADMIN_API_KEY: 'admin_api_key', SECRET_KEY: 'secret_key' } as const;
export type KeyName = keyof typeof KEY_FILES;

/** What api and worker demand, in characters. */
const MIN_KEY_LENGTH = 16;
const KEY_BYTES = 32;

function makeKey(path: string): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, randomBytes(KEY_BYTES).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    // A link fails where the file exists, and never shows a half-written key.
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(temporary);
  }
}

/** Reads the key kept in a file. Throws UserError where there is none or it is too short to be one. */
export function readKey(path: string): string {
  let key: string;
  try {
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UserError(`cannot read the key in ${path}: ${(error as Error).message}`);
  }
  if (key.length < MIN_KEY_LENGTH) {
    throw new UserError(`the key in ${path} is shorter than ${MIN_KEY_LENGTH} characters`);
  }
  return key;
}

/**
 * Sees to it that a folder holds the named keys, each in a file of its own with mode 0600. What exists is kept.
 *
 * @returns each file's path and whether it was made now
 * @throws UserError where a file that exists holds no key
 */
export function makeKeys(
  dir: string,
  names: KeyName[] = ['ADMIN_API_KEY', 'SECRET_KEY'],
): { name: KeyName; path: string; made: boolean }[] {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return names.map((name) => {
    const path = join(dir, KEY_FILES[name]);
    const made = makeKey(path);
    readKey(path);
    return { name, path, made };
  });
}

/**
 * Makes the key of the API in `dir` and that of stored secrets in `secretDir`, which is all that a worker has to see. A
 * secret key that `dir` holds is moved: with another one, nothing that is stored could be opened.
 */
export function initKeys(dir: string, secretDir: string): ReturnType<typeof makeKeys> {
  const [old, place] = [dir, secretDir].map((folder) => join(folder, KEY_FILES.SECRET_KEY)) as [
    string,
    string,
  ];
  if (old !== place && existsSync(old)) {
    mkdirSync(secretDir, { recursive: true, mode: 0o700 });
    if (!existsSync(place)) {
      writeFileSync(`${place}.tmp`, readFileSync(old), { mode: 0o600 });
      renameSync(`${place}.tmp`, place);
    }
    rmSync(old);
  }
  return [...makeKeys(dir, ['ADMIN_API_KEY']), ...makeKeys(secretDir, ['SECRET_KEY'])];
}
