import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** The version of the format. A program reads this one and all before it. */
export const BACKUP_FORMAT = 1;

/** The longest line that is read, in bytes: one task with its files, or a part of a key. */
const LONGEST_LINE = 256 * 2 ** 20;

/** A value of Redis: its text, or its bytes as base64 if they are no UTF-8. */
export type Stored = string | { b64: string };

export interface BackupHeader {
  agenthook_backup: number;
  created_at: string;
  data_version: number;
  /** The proof of the SECRET_KEY that the secrets in the backup are sealed with. */
  secret_check: string | null;
}

/** An entry of a stream: its id, and its fields and values. */
export type StreamEntry = [id: string, fields: Stored[]];

/** A key, or a part of a large one. Its fields and values, or members and scores, alternate. */
export interface KeyRecord {
  key: string;
  type: 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';
  /** When it expires, in ms since the epoch by Redis's clock. */
  expires?: number;
  values: Stored[];
  /** Those of a stream, which has no values. */
  entries?: StreamEntry[];
}

/** A task with all that belongs to it, as it was at one moment. */
export interface TaskRecord {
  task: string;
  job: Stored[];
  files?: Stored[];
  events?: Stored[];
  /** The entries of the journal. */
  log?: StreamEntry[];
  /** Idempotency keys that name it, by hash, and when each expires, in ms since the epoch. */
  once?: [name: string, expires: number][];
}

interface BackupEnd {
  end: { keys: number; tasks: number; sha256: string };
}

export type BackupLine = BackupHeader | KeyRecord | TaskRecord | BackupEnd;

export function encode(bytes: Buffer): Stored {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : { b64: bytes.toString('base64') };
}

export const decode = (value: Stored): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.b64, 'base64');

export const digest = () => createHash('sha256');

/** A file that is no backup, was cut off, or was changed. The message is one line for a person. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** The lines of a compressed file, one at a time. Throws BackupError. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path);
  const stream = source.pipe(createGunzip());
  source.on('error', (error) => stream.destroy(error));
  let pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...pieces, chunk.subarray(from, at)]);
        [pieces, size, from] = [[], 0, at + 1];
      }
      if (from < chunk.length) pieces.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > LONGEST_LINE) throw new BackupError(`${path} has a line that is too long for a backup.`);
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${path} cannot be read: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
  if (size > 0) throw new BackupError(`${path} was cut off.`);
}

/**
 * Reads a backup from its beginning: the header, then each record. Throws BackupError for a file that is
 * none, is of a newer format, was cut off or was changed; in the last cases only after the records.
 */
export async function* readBackup(path: string): AsyncGenerator<BackupHeader | KeyRecord | TaskRecord> {
  const sum = digest();
  const counted = { keys: 0, tasks: 0 };
  let isFirst = true;
  for await (const bytes of linesOf(path)) {
    const line = parse(path, bytes);
    if (isFirst) {
      if (!('agenthook_backup' in line)) throw new BackupError(`${path} is no backup of AgentHook.`);
      const { agenthook_backup: format } = line;
      if (!Number.isInteger(format) || format > BACKUP_FORMAT)
        throw new BackupError(
          `${path} has format ${format}, and this version reads formats up to ${BACKUP_FORMAT}: upgrade AgentHook first.`,
        );
      isFirst = false;
    } else if ('end' in line) {
      const { keys, tasks, sha256 } = line.end;
      if (keys !== counted.keys || tasks !== counted.tasks || sha256 !== sum.digest('hex'))
        throw new BackupError(`${path} was changed: its contents do not match its end.`);
      return;
    } else if ('task' in line) counted.tasks++;
    else if ('key' in line) counted.keys++;
    else throw new BackupError(`${path} has a line of an unknown kind.`);
    sum.update(bytes).update('\n');
    yield line;
  }
  throw new BackupError(`${path} was cut off: it has no end.`);
}

function parse(path: string, bytes: Buffer): BackupLine {
  try {
    const line: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof line === 'object' && line !== null) return line as BackupLine;
  } catch {
    // It is no JSON.
  }
  throw new BackupError(`${path} is no backup of AgentHook.`);
}
