import { SANDBOX_MODEL } from '@agenthook/contracts';
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { LOCK_SECONDS } from '../queue/worker-options.js';

const secret = (description: string) => Type.String({ minLength: 16, description });

/** The S3-compatible store of files. */
export const BlobStoreEnvironment = Type.Object({
  BLOB_STORE_URL: Type.Optional(Type.String({ pattern: '^https?://[^/?#@]+/[^?#]+$' })),
  BLOB_STORE_REGION: Type.String({ default: 'us-east-1', pattern: '^[\\w-]{1,60}$' }),
  BLOB_STORE_ACCESS_KEY_ID: Type.Optional(Type.String()),
  BLOB_STORE_SECRET_ACCESS_KEY: Type.Optional(Type.String()),
  AWS_ACCESS_KEY_ID: Type.Optional(Type.String()),
  AWS_SECRET_ACCESS_KEY: Type.Optional(Type.String()),
});

/** The settings that api and worker share. */
const CommonEnvironment = Type.Object({
  REDIS_URL: Type.String({
    default: 'redis://127.0.0.1:6379',
    pattern: '^rediss?://[^/?#]+(/[0-9]*)?([?#].*)?$',
  }),
  QUEUE_SHARDS: Type.Integer({ default: 1, minimum: 1, maximum: 1 }),
  SECRET_KEY: secret('Encrypts stored secrets.'),
  SECRET_KEY_PREVIOUS: Type.Optional(secret('Also opens stored secrets, while SECRET_KEY is rotated.')),
  SEAL_AT_REST: Type.Boolean({
    default: false,
    description: 'Seals what comes from outside before it is stored.',
  }),
  RESULT_TTL_SECONDS: Type.Integer({ default: 604_800, minimum: 60, maximum: 3_153_600_000 }),
  ARCHIVE_URL: Type.Optional(
    Type.String({ pattern: '^postgres(ql)?://[^/]', description: 'Where finished tasks go.' }),
  ),
  ARCHIVE_AFTER_SECONDS: Type.Integer({ default: 3_600, minimum: 1, maximum: 3_153_600_000 }),
  ARCHIVE_DAYS: Type.Integer({ default: 400, minimum: 1, maximum: 36_500 }),
  SHUTDOWN_GRACE_SECONDS: Type.Integer({ default: 25, minimum: 1, maximum: 600 }),
  WATCHDOG_MS: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 600_000, description: 'How long the event loop may stand still.' }),
  ),
  LOG_LEVEL: Type.String({
    default: 'info',
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  }),
  EGRESS_ALLOW: Type.String({ default: '' }),
  ...BlobStoreEnvironment.properties,
  PROVIDERS_FILE: Type.Optional(Type.String()),
  PRICES_FILE: Type.Optional(Type.String()),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://[^/]' })),
});

/**
 * The values with which OpenTelemetry's instrumentations of models opt in to content. Those of
 * `TRACED_CONTENT` put it into spans. There are no events here.
 */
const CAPTURES = ['false', 'true', 'NO_CONTENT', 'SPAN_ONLY', 'EVENT_ONLY', 'SPAN_AND_EVENT'];
const TRACED_CONTENT = ['true', 'SPAN_ONLY', 'SPAN_AND_EVENT'];

/** Whether spans have prompts, answers, arguments and results. */
export const tracesContent = (
  env: Pick<WorkerEnvironment, 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'>,
): boolean => TRACED_CONTENT.includes(env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT);

export const ApiEnvironment = Type.Object({
  ...CommonEnvironment.properties,
  PORT: Type.Integer({ default: 7091, minimum: 0, maximum: 65_535 }),
  HOST: Type.String({ default: '127.0.0.1' }),
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^/]+' })),
  TRUST_PROXY: Type.Optional(Type.String()),
  ADMIN_API_KEY: secret('Opens the management routes.'),
  ADMIN_API_KEY_FILE: Type.Optional(Type.String()),
  METRICS_KEY: Type.Optional(secret('Opens /metrics and the details of /readyz.')),
  DEFAULT_MODEL: Type.String({ default: SANDBOX_MODEL }),
  API_ROLE: Type.String({ default: 'all', enum: ['all', 'intake', 'management'] }),
  DRAIN_SECONDS: Type.Integer({ default: 0, minimum: 0, maximum: 300 }),
  REDIS_DATA_DIR: Type.Optional(
    Type.String({ description: 'Where Redis keeps its data, if on this machine.' }),
  ),
});
export type ApiEnvironment = Static<typeof ApiEnvironment>;

export const WorkerEnvironment = Type.Object({
  ...CommonEnvironment.properties,
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^/]+' })),
  SMTP_URL: Type.Optional(Type.String({ pattern: '^smtps?://[^/?#]+/?$' })),
  WORKER_CONCURRENCY: Type.Integer({ default: 100, minimum: 1, maximum: 10_000 }),
  WORKER_PAYLOAD_MB: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536 })),
  TASK_LOCK_SECONDS: Type.Integer({ default: LOCK_SECONDS, minimum: 2, maximum: 300 }),
  HOST: Type.String({ default: '127.0.0.1' }),
  WORKER_HEALTH_PORT: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: Type.String({ default: 'false', enum: CAPTURES }),
  OPENAI_API_KEY: Type.Optional(Type.String()),
  OPENAI_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  ANTHROPIC_API_KEY: Type.Optional(Type.String()),
  ANTHROPIC_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  GOOGLE_GENERATIVE_AI_API_KEY: Type.Optional(Type.String()),
  GOOGLE_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  OLLAMA_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
});
export type WorkerEnvironment = Static<typeof WorkerEnvironment>;

export type EnvironmentSchema = TObject;
