import type { Context } from '../../context.js';

/** What Redis uses, and may use, in bytes; 0 for no limit. */
export async function redisMemory(ctx: Context): Promise<{ used: number; max: number }> {
  const info = await ctx.redis.info();
  const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return { used: number('used_memory'), max: number('maxmemory') };
}
