import type { ArchiveSettings } from '../archive/archive.js';
import { type BlobStoreSettings, createBlobStore } from '../blobs/blob-store.js';
import { createLogger, withoutTokens } from '../log.js';
import { checkAccess } from '../redis/check-access.js';
import { connectRedis, type RedisClient } from '../redis/connect.js';
import { HASH_TAGS } from '../redis/keys.js';
import { aclRules } from '../redis/needed-commands.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { checkArchive } from './check-archive.js';
import { checkLatency } from './check-latency.js';
import { checkProcesses, readClock } from './check-processes.js';
import { checkRows } from './check-rows.js';
import { checkSealing } from './check-sealing.js';
import { checkDatabase, checkServer, memoryOf, parseInfo } from './check-server.js';
import { checkStored, type InUse } from './check-stored.js';
import { type Finding, findingsOf } from './finding.js';
import { forecastMemory } from './forecast.js';

/** How long to try to reach Redis, in ms. */
const REACH_MS = 3_000;

export interface DiagnoseSettings {
  redisUrl: string;
  secretKey: string | undefined;
  previousSecretKey: string | undefined;
  resultTtlSeconds: number | undefined;
  /** How many shards the queue has. */
  shards: number;
  archive?: ArchiveSettings | undefined;
  /** Where files are stored, if not in Redis. */
  blobs?: BlobStoreSettings | undefined;
}

export interface Diagnosis {
  findings: Finding[];
  /** What agents use; undefined if they could not be read. */
  inUse: InUse | undefined;
  /** Providers that live workers can call. */
  liveProviders: string[];
}

/** The command that makes a Redis user with all that is needed and nothing else. */
export const aclCommand = (): string => `ACL SETUSER agenthook on >PASSWORD ${aclRules(HASH_TAGS)}`;

/** Checks Redis, what is stored in it, the archive and the store of files. Each finding says what to do. */
export async function diagnose(settings: DiagnoseSettings): Promise<Diagnosis> {
  const nothing = { inUse: undefined, liveProviders: [] };
  const files = await checkFiles(settings.blobs);
  let redis: RedisClient;
  try {
    redis = await connectRedis(settings.redisUrl, 'fail-fast', createLogger('doctor', 'silent'), REACH_MS);
  } catch (error) {
    const message = withoutTokens((error as Error).message);
    const finding = findingsOf('redis').error(message, 'Do what it says; or start Redis, or set REDIS_URL.');
    return { findings: [finding, ...files], ...nothing };
  }
  try {
    const refused = await access(redis);
    if (refused) return { findings: [refused, ...files], ...nothing };
    const diagnosis = await ask(redis, settings);
    return { ...diagnosis, findings: [...diagnosis.findings, ...files] };
  } catch (error) {
    const message = `Redis refused a check: ${withoutTokens((error as Error).message)}`;
    return {
      findings: [findingsOf('redis').error(message, 'Look at the log of Redis, and run this again.')],
      ...nothing,
    };
  } finally {
    redis.disconnect();
  }
}

/** Whether the store of files takes some. */
async function checkFiles(settings: BlobStoreSettings | undefined): Promise<Finding[]> {
  if (!settings) return [];
  const { ok, error } = findingsOf('files');
  const problem = await createBlobStore(settings).problem();
  if (problem === undefined) return [ok(`The store at ${new URL(settings.url).host} takes files.`)];
  return [
    error(problem, 'Correct the URL, the credentials or the store: events with files are refused meanwhile.'),
  ];
}

async function access(redis: RedisClient): Promise<Finding | undefined> {
  try {
    await checkAccess(redis);
    return undefined;
  } catch (error) {
    const action = `Do what it says, or give AgentHook a user with all that it needs: ${aclCommand()}`;
    return findingsOf('access').error(withoutTokens((error as Error).message), action);
  }
}

async function ask(redis: RedisClient, settings: DiagnoseSettings): Promise<Diagnosis> {
  const info = parseInfo(await redis.info());
  const { nowMs, skewMs } = await readClock(redis);
  const server = await checkServer(redis, info);
  const database = await checkDatabase(redis, info);
  const live = await checkProcesses(redis, skewMs, settings.resultTtlSeconds);
  const { secretKey, previousSecretKey } = settings;
  const box = secretKey === undefined ? undefined : createSecretBox(secretKey, previousSecretKey);
  const stored = await checkStored(redis, box);
  const sealing = await checkSealing(redis, box, live.processes);
  const latency = await checkLatency(redis, live.processes);
  const shards = Array.from({ length: settings.shards }, (_, shard) => shard);
  const rows = await checkRows(redis, shards);
  const archive = await checkArchive(redis, settings, live.processes, nowMs);
  const forecast = await forecastMemory(redis, memoryOf(info), live.retentionSeconds, nowMs);
  const user = redis.options.username ?? 'default';
  const allowed = findingsOf('access').ok(`The Redis user "${user}" may do all that is needed.`);
  return {
    findings: [
      ...server,
      latency,
      allowed,
      database,
      forecast,
      ...stored.findings,
      ...sealing,
      ...rows,
      ...live.findings,
      ...archive,
    ],
    inUse: stored.inUse,
    liveProviders: [...new Set(live.processes.flatMap(({ providers }) => providers ?? []))],
  };
}
