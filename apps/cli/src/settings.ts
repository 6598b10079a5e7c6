import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from './user-error.js';

const DEFAULT_PORT = 7091;
const DEFAULT_GRACE_SECONDS = 25;
/** Addresses on which a browser of this machine reaches the api as localhost. */
const LOCAL_HOSTS = ['127.0.0.1', '0.0.0.0', 'localhost', '::', '::1'];

/** The launcher's own settings. Other environment variables are passed on to api and worker. */
export interface Settings {
  root: string;
  dataDir: string;
  host: string;
  port: number;
  /** The api's URL on this machine, without a trailing slash. */
  localUrl: string;
  /** The api's public URL: PUBLIC_URL, or else the local one. */
  publicUrl: string;
  graceMs: number;
  redisUrl: string | undefined;
  /** The environment without empty values, because an empty line in .env means "not set". */
  env: NodeJS.ProcessEnv;
}

function integer(env: NodeJS.ProcessEnv, name: string, fallback: number, max: number): number {
  const text = env[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new UserError(`${name} must be an integer from 1 to ${max}; it is "${text}"`);
  }
  return value;
}

/**
 * Reads the launcher's settings from the environment and the `.env` in the repository's root, if any, which
 * never overrides the environment.
 *
 * @param root the repository's folder
 * @throws UserError for an invalid value
 */
export function readSettings(root: string, processEnv: NodeJS.ProcessEnv): Settings {
  const dotEnv = join(root, '.env');
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv);
  const env = Object.fromEntries(Object.entries(processEnv).filter(([, value]) => value !== ''));
  const host = env.HOST ?? '127.0.0.1';
  const port = integer(env, 'PORT', DEFAULT_PORT, 65_535);
  const hostInUrl = LOCAL_HOSTS.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const localUrl = `http://${hostInUrl}:${port}`;
  return {
    root,
    dataDir: resolve(env.AGENTHOOK_HOME ?? join(root, '.agenthook')),
    host,
    port,
    localUrl,
    publicUrl: env.PUBLIC_URL?.replace(/(?<!\/)\/+$/, '') ?? localUrl,
    graceMs: integer(env, 'SHUTDOWN_GRACE_SECONDS', DEFAULT_GRACE_SECONDS, 3600) * 1000,
    redisUrl: env.REDIS_URL,
    env,
  };
}

/** A path as the user would type it: relative if it is below the current folder. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
