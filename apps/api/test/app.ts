import type { Role } from '@agenthook/contracts';
import { type Context, createLogger, openContext } from '@agenthook/core';
import { emptyRedis, freshRedis } from '@agenthook/testing';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../src/app.js';
import { noteUndescribed } from './described.js';

export const ADMIN_KEY = 'a-test-admin-key-of-enough-length';

/** The application on this Jest worker's empty Redis database, without a worker process. */
export async function testApp(): Promise<{
  app: FastifyInstance;
  ctx: Context;
  /** Sends a request with the API key. An object payload goes as JSON. */
  admin: (options: InjectOptions) => Promise<LightMyRequestResponse>;
  /** Sends requests with a new key of the given role. */
  as: (
    role: Role,
    rights?: { see_payloads?: boolean; expires_at?: string },
  ) => Promise<{
    id: string;
    key: string;
    send: (options: InjectOptions) => Promise<LightMyRequestResponse>;
  }>;
  /** Removes all that is stored, as if nothing had been created yet. */
  empty: () => Promise<void>;
  close: () => Promise<void>;
}> {
  const redis = await freshRedis();
  await redis.close();
  const settings = {
    redisUrl: redis.url,
    secretKey: 'a test key of enough length',
    shards: 1,
    resultTtlSeconds: 3600,
  };
  const log = createLogger('test', 'silent');
  const { ctx, close } = await openContext({ ...settings, connection: 'fail-fast' }, log);
  const publicUrl = () => 'https://hooks.example.com';
  const undescribed = new Set<string>();
  const app = await buildApp(ctx, {
    adminApiKey: ADMIN_KEY,
    defaultModel: 'sandbox:echo',
    publicUrl,
    trace: (traced) => noteUndescribed(traced, undescribed),
  });
  await app.ready();
  const sendWith = (key: string) => (options: InjectOptions) =>
    app.inject({ ...options, headers: { authorization: `Bearer ${key}`, ...options.headers } });
  const admin = sendWith(ADMIN_KEY);
  return {
    app,
    ctx,
    admin,
    as: async (role, rights) => {
      const payload = { name: `a ${role}`, role, ...rights };
      const { id, key } = (await admin({ method: 'POST', url: '/api/keys', payload })).json();
      return { id, key, send: sendWith(key) };
    },
    empty: () => emptyRedis(ctx.redis),
    close: async () => {
      await app.close();
      await close(1_000);
      // In every suite, OpenAPI must list each code that a request was answered with.
      if (undescribed.size > 0) throw new Error(`not in OpenAPI: ${[...undescribed].join('; ')}`);
    },
  };
}
