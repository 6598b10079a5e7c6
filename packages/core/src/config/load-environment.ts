import { readFileSync } from 'node:fs';
import type { Static, TSchema } from '@sinclair/typebox';
import { Ajv, type ErrorObject } from 'ajv';
import type { EnvironmentSchema } from './environment.js';

/** The environment is not usable. The message is one line for the person who starts the process. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Variables that may also be set as `NAME_FILE`, the path of a file with the value (container secrets). */
const MAY_BE_FILE =
  /^(SECRET_KEY|SECRET_KEY_PREVIOUS|METRICS_KEY|ARCHIVE_URL|BLOB_STORE_SECRET_ACCESS_KEY|[A-Z_]+_API_KEY)$/;

/**
 * Variables that are taken as they are: stored data was sealed with the secret keys, and OpenTelemetry's
 * exporters read theirs themselves.
 */
const AS_IT_IS = /^(?:SECRET_KEY(?:_PREVIOUS)?$|OTEL_EXPORTER_)/;
const QUOTED = /^(["'])(.*)\1$/s;
const BOOLEAN = /^(true|false)$/i;
const WHOLE = /^-?\d+$/;

/**
 * A value without what files of variables leave around it: `docker --env-file` keeps quotes, and files with
 * CRLF a carriage return.
 */
function plain(name: string, value: string): string {
  if (AS_IT_IS.test(name)) return value;
  const trimmed = value.trim();
  return (QUOTED.exec(trimmed)?.[2] ?? trimmed).trim();
}

function withFiles(schema: EnvironmentSchema, env: NodeJS.ProcessEnv): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, { type }] of Object.entries(schema.properties)) {
    const value = plain(name, env[name] ?? '');
    // Compose passes an unset variable as an empty one.
    if (value !== '') values[name] = type === 'boolean' && BOOLEAN.test(value) ? value.toLowerCase() : value;
    const file = plain(`${name}_FILE`, env[`${name}_FILE`] ?? '');
    if (!MAY_BE_FILE.test(name) || !file) continue;
    if (values[name] !== undefined)
      throw new EnvironmentError(`Set either ${name} or ${name}_FILE, not both.`);
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch {
      throw new EnvironmentError(`${name}_FILE names a file that cannot be read: ${file}`);
    }
  }
  return values;
}

/** What to do about each variable without a usable default. */
const HINTS: Record<string, string> = {
  SECRET_KEY:
    'Set SECRET_KEY (or SECRET_KEY_FILE) to at least 16 random characters, the same for api and worker.',
  SECRET_KEY_PREVIOUS:
    'SECRET_KEY_PREVIOUS (or its _FILE) must have at least 16 characters, as the old key has.',
  ADMIN_API_KEY: 'Set ADMIN_API_KEY (or ADMIN_API_KEY_FILE) to at least 16 random characters.',
  METRICS_KEY: 'METRICS_KEY (or the file in METRICS_KEY_FILE) must have at least 16 characters.',
  REDIS_URL: 'REDIS_URL must be a redis:// or rediss:// URL; its path may only be the number of a database.',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL.',
  ARCHIVE_URL: 'ARCHIVE_URL (or the file in ARCHIVE_URL_FILE) must be a postgres:// URL.',
  BLOB_STORE_URL:
    'BLOB_STORE_URL must be an http:// or https:// URL with a bucket in its path, without credentials.',
  QUEUE_SHARDS: 'QUEUE_SHARDS must be 1 in this version.',
  PUBLIC_URL: 'PUBLIC_URL must be an http:// or https:// URL.',
  OPENAI_BASE_URL: 'OPENAI_BASE_URL must be an http:// or https:// URL.',
  ANTHROPIC_BASE_URL: 'ANTHROPIC_BASE_URL must be an http:// or https:// URL.',
  GOOGLE_BASE_URL: 'GOOGLE_BASE_URL must be an http:// or https:// URL.',
  OLLAMA_BASE_URL: 'OLLAMA_BASE_URL must be an http:// or https:// URL.',
  SMTP_URL: 'SMTP_URL must be an smtp:// or smtps:// URL without a path.',
};

/** What a variable must be, by its schema. */
function needOf(property: TSchema | undefined): string | undefined {
  if (!property) return undefined;
  const { type, minimum, maximum, enum: allowed } = property;
  if (allowed) return `must be one of ${allowed.join(', ')}`;
  if (type === 'boolean') return 'must be true or false';
  if (type !== 'integer') return undefined;
  const range = maximum === undefined ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`;
  return `must be a whole number${range}`;
}

/**
 * Reads and checks a process's settings from `env`. An empty variable counts as unset. Throws
 * EnvironmentError with one line that names the variable and what it must be, never its value.
 */
export function loadEnvironment<T extends EnvironmentSchema>(schema: T, env: NodeJS.ProcessEnv): Static<T> {
  const data = withFiles(schema, env);
  // The schema is ours: to check it against the standard's takes a tenth of a start.
  const ajv = new Ajv({
    coerceTypes: true,
    useDefaults: true,
    strict: false,
    meta: false,
    validateSchema: false,
  });
  const validate = ajv.compile<Static<T>>(schema);
  // Ajv would accept 1e9, 0x10 and the like.
  const odd = Object.entries(schema.properties).find(
    ([name, { type }]) => type === 'integer' && data[name] !== undefined && !WHOLE.test(data[name]),
  )?.[0];
  if (odd === undefined && validate(data)) return data;
  const [first] = (validate.errors ?? []) as ErrorObject[];
  const name = odd ?? first?.params.missingProperty ?? first?.instancePath.slice(1) ?? 'environment';
  const need = needOf(schema.properties[name]) ?? first?.message ?? 'is not valid';
  throw new EnvironmentError(HINTS[name] ?? `${name} ${need}.`);
}
