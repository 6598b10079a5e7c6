import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  BackupError,
  createLogger,
  endRestored,
  openContext,
  restoreBackup,
  writeBackup,
} from '@agenthook/core';
import { UserError } from '../user-error.js';
import { readOperateSettings, withRedis } from './open-redis.js';

const CLOSE_MS = 5_000;

/** `agenthook backup FILE`. Throws UserError. */
export async function backup(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0 || file.startsWith('-'))
    throw new UserError('backup takes the path of a new file.');
  const { redisUrl } = readOperateSettings(root, env);
  const counted = await withRedis(redisUrl, (redis) => writeBackup(redis, resolve(file))).catch(explain);
  console.log(`Wrote ${counted.tasks} task(s) and ${counted.keys} other record(s) to ${file}.`);
  console.log('Keep SECRET_KEY apart from it: without the key, its secrets cannot be opened.');
  return 0;
}

/** `agenthook restore FILE [--merge] [--waiting=run|end]`. Throws UserError. */
export async function restore(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const { file, merge, runWaiting } = readRestore(args);
  const { redisUrl, secretKey, previousSecretKey, resultTtlSeconds } = readOperateSettings(root, env);
  const settings = { secretKey, previousSecretKey, merge };
  const restored = await withRedis(redisUrl, (redis) => restoreBackup(redis, file, settings)).catch(explain);
  const { ctx, close } = await openContext(
    { redisUrl, secretKey, previousSecretKey, shards: 1, resultTtlSeconds, connection: 'patient' },
    createLogger('restore', 'silent'),
  );
  try {
    const { waiting, ended } = await endRestored(ctx, runWaiting);
    console.log(
      `Restored ${restored.tasks} task(s) and ${restored.keys} other record(s) of ${restored.header.created_at}.`,
    );
    if (waiting > 0) console.log(`${waiting} of the tasks had not begun, and wait for a worker.`);
    if (ended > 0)
      console.log(
        `${ended} of the tasks had not ended when the backup was made. They may have run elsewhere since, so they ` +
          'are FAILURE with the code "restored". Replay those that have not run.',
      );
  } finally {
    await close(CLOSE_MS);
  }
  return 0;
}

function readRestore(args: string[]): { file: string; merge: boolean; runWaiting: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        merge: { type: 'boolean', default: false },
        waiting: { type: 'string', default: 'end' },
      },
    });
    const [file, ...more] = positionals;
    if (file !== undefined && more.length === 0 && ['run', 'end'].includes(values.waiting))
      return { file: resolve(file), merge: values.merge, runWaiting: values.waiting === 'run' };
  } catch {
    // The same line says what it takes.
  }
  throw new UserError('restore takes the path of a backup, and --merge and --waiting=run or --waiting=end.');
}

function explain(error: Error): never {
  if (error instanceof BackupError) throw new UserError(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST')
    throw new UserError('another backup is being written there, or was cut off: remove FILE.partial.');
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOSPC') throw new UserError(error.message);
  if (/^NOPERM.*scan/i.test(error.message))
    throw new UserError('the Redis user may not list keys: run backup with one that has +scan too.');
  throw error;
}
