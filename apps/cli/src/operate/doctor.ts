import { parseArgs } from 'node:util';
import {
  ApiEnvironment,
  aclCommand,
  archiveSettings,
  checkDisk,
  checkEnvironment,
  diagnose,
  EnvironmentError,
  type Finding,
  findingsOf,
  readBlobStore,
  readProviders,
  WorkerEnvironment,
} from '@agenthook/core';
import { UserError } from '../user-error.js';
import { checkEgress, checkModelProviders } from './check-outside.js';
import { operateEnvironment } from './environment.js';

/** The exit code for the worst finding. */
const CODES = { ok: 0, info: 0, warning: 1, error: 2 } as const;
const LEVELS = ['error', 'warning', 'info', 'ok'] as const;
/** The oldest Node that the code runs on. */
const NODE = [22, 19];

/** What `agenthook doctor --json` prints. */
interface Report {
  status: 'ok' | 'warning' | 'error';
  findings: Finding[];
}

/**
 * `agenthook doctor`: checks an installation from outside, without a running api. Prints each finding with
 * what to do.
 *
 * @returns 0 if nothing needs to be done, 1 after warnings, 2 after errors
 * @throws UserError for an unknown option
 */
export async function doctor(root: string, processEnv: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.acl) {
    console.log(aclCommand());
    return 0;
  }
  const env = operateEnvironment(root, processEnv);
  const findings = await examine(env, options.offline);
  findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const code = Math.max(0, ...findings.map(({ level }) => CODES[level]));
  const status = code === 2 ? 'error' : code === 1 ? 'warning' : 'ok';
  const report: Report = { status, findings };
  console.log(options.json ? JSON.stringify(report, null, 2) : asText(report));
  return code;
}

function readOptions(args: string[]): { json: boolean; offline: boolean; acl: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args, options: { json: flag, offline: flag, acl: flag } }).values;
  } catch (error) {
    throw new UserError(`doctor takes --json, --offline and --acl. ${(error as Error).message}`);
  }
}

async function examine(env: NodeJS.ProcessEnv, offline: boolean): Promise<Finding[]> {
  const worker = checkEnvironment(WorkerEnvironment, env);
  // A worker's environment has no ADMIN_API_KEY.
  const api = checkEnvironment(ApiEnvironment, env, ['ADMIN_API_KEY']);
  const problems = [...new Set([...worker.problems, ...api.problems])];
  const entries = providersOf(env, problems);
  const environment = findingsOf('environment');
  const { values } = worker;
  const { findings, inUse, liveProviders } = await diagnose({
    redisUrl: values.REDIS_URL ?? 'redis://127.0.0.1:6379',
    secretKey: values.SECRET_KEY,
    previousSecretKey: values.SECRET_KEY_PREVIOUS,
    resultTtlSeconds: values.RESULT_TTL_SECONDS,
    shards: values.QUEUE_SHARDS ?? 1,
    archive: archiveOf(values, problems),
    blobs: blobStoreOf(values, problems),
  });
  const settings = {
    openai_api_key: values.OPENAI_API_KEY,
    openai_base_url: values.OPENAI_BASE_URL,
    anthropic_api_key: values.ANTHROPIC_API_KEY,
    anthropic_base_url: values.ANTHROPIC_BASE_URL,
    google_api_key: values.GOOGLE_GENERATIVE_AI_API_KEY,
    google_base_url: values.GOOGLE_BASE_URL,
    ollama_base_url: values.OLLAMA_BASE_URL,
    providers: entries,
  };
  return [
    node(),
    ...problems.map((line) => environment.error(line, 'Correct it; api and worker do not start with it.')),
    ...(problems.length === 0 ? [environment.ok('Every variable of api and worker is valid.')] : []),
    ...findings,
    ...(await disk(api.values.REDIS_DATA_DIR)),
    ...(await checkModelProviders(settings, inUse, liveProviders, offline)),
    ...(await checkEgress(values.EGRESS_ALLOW ?? '', inUse, offline)),
  ];
}

function node(): Finding {
  const { ok, error } = findingsOf('node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return ok(`Node ${process.version}.`);
  return error(`Node ${process.version} is too old.`, `Install Node ${NODE.join('.')} or newer.`);
}

function archiveOf(values: Partial<WorkerEnvironment>, problems: string[]) {
  const { ARCHIVE_URL, ARCHIVE_AFTER_SECONDS, ARCHIVE_DAYS, RESULT_TTL_SECONDS } = values;
  if (ARCHIVE_AFTER_SECONDS === undefined || ARCHIVE_DAYS === undefined || RESULT_TTL_SECONDS === undefined)
    return undefined;
  try {
    return archiveSettings({ ARCHIVE_URL, ARCHIVE_AFTER_SECONDS, ARCHIVE_DAYS, RESULT_TTL_SECONDS });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

function blobStoreOf(env: Parameters<typeof readBlobStore>[0], problems: string[]) {
  try {
    return readBlobStore(env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

function providersOf(env: NodeJS.ProcessEnv, problems: string[]) {
  try {
    return readProviders(env.PROVIDERS_FILE, env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    problems.push(error.message);
    return [];
  }
}

async function disk(dir: string | undefined): Promise<Finding[]> {
  const { error, warning } = findingsOf('disk');
  const { refusals, warnings } = await checkDisk(dir);
  const action = 'Make room on that disk.';
  return [...refusals.map((line) => error(line, action)), ...warnings.map((line) => warning(line, action))];
}

function asText({ findings }: Report): string {
  const lines = findings.flatMap(({ check, level, message, action }) => [
    `${level.padEnd(8)} ${check.padEnd(12)} ${message}`,
    ...(action === null ? [] : [`${' '.repeat(22)}→ ${action}`]),
  ]);
  const count = (of: Finding['level']) => findings.filter(({ level }) => level === of).length;
  return [...lines, '', `${count('error')} error(s), ${count('warning')} warning(s).`].join('\n');
}
