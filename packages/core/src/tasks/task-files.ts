import { createHash } from 'node:crypto';
import { type Attachment, type AttachmentsPort, FilesUnavailable } from '@agenthook/contracts';
import { readArchivedFile, readArchivedFiles } from '../archive/read-archived.js';
import { type BlobStore, BlobStoreError } from '../blobs/blob-store.js';
import { blobPrefix, noteBlobs, removeBlobs } from '../blobs/task-blobs.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { ATTACHED_FIELD, type StoredAttachment, type TaskData } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { transact } from '../redis/transact.js';
import { SEAL_BYTES } from '../sealing/sealed-bytes.js';
import { attachFileScript } from './attach-file.script.js';
import { readFields } from './ended/read-fields.js';
import type { HeldTask } from './run-alone.js';
import { LockLost } from './task-log.js';

/**
 * How long files without a task are kept in Redis, in seconds. A process may die before it stores the task.
 * Storing the task removes the limit in the same step.
 */
const ORPHAN_SECONDS = 3_600;

/** A task that is about to be stored, and where its files are to be. */
interface Place {
  shard: number;
  id: string;
  /** Whether in the blob store, which is then configured. */
  inStore: boolean;
}

/** Stores the files of a task, and returns what is known of them. Throws `attachments_unavailable`. */
export async function storeFiles(
  ctx: Context,
  { shard, id, inStore }: Place,
  about: readonly StoredAttachment[],
  files: readonly Uint8Array[],
): Promise<StoredAttachment[]> {
  const kept = files.map((file) => keptOf(ctx, file));
  if (inStore) {
    await noteBlobs(ctx, shard, id);
    await Promise.all(
      kept.map((file, n) => using(ctx, (store) => store.put(blobName(id, about[n], n), file))),
    );
    return about.map((each) => markOf(ctx, each, true));
  }
  const key = keys.taskFiles(shard, id);
  await transact(ctx.redis, (batch) => {
    for (const file of kept) batch.rpush(key, file);
    return batch.expire(key, ORPHAN_SECONDS);
  });
  return about.map((each) => markOf(ctx, each, false));
}

/** The same for a task that gets the files of another task of its agent, which is in the same shard. */
export async function copyFiles(
  ctx: Context,
  place: Place,
  about: readonly StoredAttachment[],
  fromId: string,
): Promise<StoredAttachment[]> {
  const { shard, id, inStore } = place;
  if (inStore || about.some(({ in_store }) => in_store))
    return await storeFiles(ctx, place, about, await readFiles(ctx, shard, fromId, about));
  const key = keys.taskFiles(shard, id);
  const from = keys.taskFiles(shard, fromId);
  const [copied] = await transact(ctx.redis, (batch) =>
    batch.copy(from, key, 'REPLACE').expire(key, ORPHAN_SECONDS),
  );
  if (copied === 1) return [...about];
  return await storeFiles(ctx, place, about, await readFiles(ctx, shard, fromId, about));
}

const bufferOf = (file: Uint8Array): Buffer => Buffer.from(file.buffer, file.byteOffset, file.length);

/** A file as it is stored, and what is then known of it. */
const keptOf = ({ seal }: Context, file: Uint8Array): Buffer =>
  seal.isOn ? seal.keepFile(file) : bufferOf(file);
const markOf = ({ seal }: Context, about: StoredAttachment, inStore: boolean): StoredAttachment => ({
  ...shownFile(about),
  ...(inStore && { in_store: true }),
  ...(seal.isOn && { sealed: true }),
});

/** A file as it was before it was stored. */
const openFile = async ({ seal }: Context, { sealed }: StoredAttachment, stored: Buffer): Promise<Buffer> =>
  sealed ? await seal.readFile(stored) : stored;
const storedBytes = ({ bytes, sealed }: StoredAttachment): number => bytes + (sealed ? SEAL_BYTES : 0);

/** A file's name in the store. A fetched file is named after its URL, so that no other takes its place. */
const blobName = (taskId: string, about: Attachment | undefined, index: number): string =>
  blobPrefix(taskId) +
  (about?.url === undefined ? index : createHash('sha256').update(about.url).digest('hex').slice(0, 32));

/** Thrown for a file that is not where it was stored, or not as it was: trying again does not help. */
export class FilesGone extends AppError {
  constructor() {
    super('attachments_unavailable', 'A file of this task is gone from where it was stored.');
  }
}

/** Does something with the blob store. Throws `attachments_unavailable`. */
async function using<Result>(ctx: Context, work: (store: BlobStore) => Promise<Result>): Promise<Result> {
  try {
    if (!ctx.blobs) throw new BlobStoreError('A file is in a store, and BLOB_STORE_URL is not set.');
    return await work(ctx.blobs);
  } catch (error) {
    if (!(error instanceof BlobStoreError)) throw error;
    ctx.log.warn({ err: error }, 'the store of files failed');
    if (error.isGone) throw new FilesGone();
    throw new AppError('attachments_unavailable', 'The store of files cannot be reached, or refuses.');
  }
}

/** Removes the files of a task that was not stored. If that fails, they expire, or a sweep removes them. */
export function dropFiles(ctx: Context, shard: number, taskId: string): void {
  ctx.redis.unlink(keys.taskFiles(shard, taskId)).catch(() => {});
  removeBlobs(ctx, shard, [taskId]).catch(() => {});
}

/** All files of a task. Throws `attachments_unavailable`. */
async function readFiles(
  ctx: Context,
  shard: number,
  taskId: string,
  about: readonly StoredAttachment[],
): Promise<Buffer[]> {
  const inRedis = about.filter(({ in_store }) => !in_store).length;
  let stored =
    inRedis === 0 ? [] : await ctx.redis.lrangeBuffer(keys.taskFiles(shard, taskId), 0, inRedis - 1);
  if (stored.length < inRedis) stored = await readArchivedFiles(ctx, taskId);
  if (stored.length !== inRedis) throw new FilesGone();
  const read = stored.values();
  return await Promise.all(
    about.map(async (file, n) =>
      openFile(
        ctx,
        file,
        file.in_store
          ? await using(ctx, (store) => store.get(blobName(taskId, file, n), storedBytes(file)))
          : (read.next().value ?? Buffer.alloc(0)),
      ),
    ),
  );
}

/** One file of a task, by its number; undefined if there is none. Throws `attachments_unavailable`. */
export async function readFile(
  ctx: Context,
  shard: number,
  taskId: string,
  about: readonly StoredAttachment[],
  index: number,
): Promise<Buffer | undefined> {
  const file = about[index];
  if (!file) return undefined;
  if (file.in_store) {
    const name = blobName(taskId, file, index);
    return await openFile(ctx, file, await using(ctx, (store) => store.get(name, storedBytes(file))));
  }
  const place = about.slice(0, index).filter(({ in_store }) => !in_store).length;
  const inRedis = await ctx.redis.lindexBuffer(keys.taskFiles(shard, taskId), place);
  const stored = inRedis ?? (await readArchivedFile(ctx, taskId, place));
  return stored && (await openFile(ctx, file, stored));
}

/** What is known of the files that a task's run has fetched. */
export async function readAttached(ctx: Context, shard: number, taskId: string): Promise<StoredAttachment[]> {
  const [attached] = await readFields(ctx, shard, taskId, ATTACHED_FIELD);
  return attachedIn(attached);
}

/** The same from the field of its job. */
export const attachedIn = (json: string | null | undefined): StoredAttachment[] =>
  json ? JSON.parse(json) : [];

/** All files of a task, those of its event first. `attached` are those that its run has fetched. */
export const allFiles = (
  { files = [] }: TaskData,
  attached: readonly StoredAttachment[],
): StoredAttachment[] => [...files, ...attached];

/** What people see of a file. */
export const shownFile = ({ in_store: _, sealed: __, ...file }: StoredAttachment): Attachment => file;

/** The files of a task, for its run. `attached` are those that earlier attempts have fetched. */
export function filesOf(
  ctx: Context,
  { shard, id, token }: HeldTask,
  data: TaskData,
  attached: readonly StoredAttachment[],
): AttachmentsPort {
  const list = allFiles(data, attached);
  const fetched = [...attached];
  const ofEvent = data.files ?? [];
  return {
    list,
    read: () => told(readFiles(ctx, shard, id, list)),
    add: async (file, content) => {
      const before = [...ofEvent, ...fetched].filter(({ in_store }) => !in_store).length;
      const inStore = ctx.blobs !== undefined;
      const kept = keptOf(ctx, content);
      if (inStore) {
        await noteBlobs(ctx, shard, id);
        await told(using(ctx, (store) => store.put(blobName(id, file, 0), kept)));
      }
      fetched.push(markOf(ctx, file, inStore));
      const isStored = await attachFileScript(
        ctx.redis,
        { job: keys.job(shard, id), lock: keys.jobLock(shard, id), files: keys.taskFiles(shard, id) },
        { token, before, attached: JSON.stringify(fetched), content: inStore ? '' : kept },
      );
      if (!isStored) throw new LockLost(`task ${id} is another worker's`);
    },
  };
}

/** Tells a run that the store fails, in its own words. */
async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) throw new FilesUnavailable(error.message);
    throw error;
  }
}
