import type { Redis } from 'ioredis';

/** Without it, running processes report that Redis has been emptied under them. */
const PROOF = '{agenthook}:secret-check';

/** Removes everything from the connection's database but the proof that processes have set it up. */
export async function emptyRedis(redis: Redis): Promise<void> {
  const proof = await redis.get(PROOF);
  await redis.flushdb();
  if (proof !== null) await redis.set(PROOF, proof);
}
