import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './user-error.js';

/** The files of the two keys. A container mounts the same names. */
const KEY_FILES = { ADMIN_API_KEY: 'admin_api_key', SECRET_KEY: 'secret_key' } as const;
export type KeyName = keyof typeof KEY_FILES;

/** The minimum length that api and worker require, in characters. */
const MIN_KEY_LENGTH = 16;
const KEY_BYTES = 32;

function makeKey(path: string): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, randomBytes(KEY_BYTES).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    // A link fails if the file exists, and never exposes a half-written key.
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(temporary);
  }
}

/** Reads a key from a file. Throws UserError if it is missing or too short. */
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
 * Creates the named keys in a folder, each in its own file with mode 0600. Keeps existing ones.
 *
 * @returns each file's path, and whether it is new
 * @throws UserError if an existing file contains no valid key
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
 * Creates the API key in `dir` and the key for stored secrets in `secretDir`, the only folder that a worker
 * needs. Moves an existing secret key from `dir`, because another key could not decrypt what is stored.
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
