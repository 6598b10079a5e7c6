import { createBounded } from '@agenthook/bounded';
import type {
  AgentConfig,
  AttemptInput,
  AttemptOutcome,
  LogEntry,
  RunAgent,
  TaskSuccess,
} from '@agenthook/contracts';
import { createEgress } from '@agenthook/egress';
import { parseJson } from '@agenthook/json';
import { createRunAgent, type RunAgentDeps } from '../run-agent.js';
import type { ProviderSettings } from '../settings.js';
import type { ToolKinds } from '../tools/index.js';
import { NO_RENEWAL } from './tool-environment.js';

/** The differences from an ordinary attempt. */
export interface Wanted {
  model?: string;
  payload?: unknown;
  config?: Partial<AgentConfig>;
  limits?: Partial<AgentConfig['limits']>;
  attempt?: number;
  /** Whether someone with an API key sent the payload. Default: true. */
  rehearsal?: boolean;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  earlier?: AttemptInput['earlier'];
  signal?: AbortSignal;
  agents?: AttemptInput['agents'];
  /** The entries of earlier attempts. This attempt's entries are appended to it. */
  log?: LogEntry[];
}

/** The input of one attempt, with defaults for what the test does not set. */
export function attemptInput(wanted: Wanted = {}): AttemptInput {
  const {
    model = 'sandbox:echo',
    payload = { question: 'What is new?' },
    config,
    limits,
    attempt = 1,
    rehearsal = true,
  } = wanted;
  return {
    task: { id: 'task-1', attempt, created_at: '2026-01-02T03:04:05.000Z', rehearsal },
    agent: {
      id: 'agent-1',
      version: 3,
      config: {
        name: 'Triage',
        description: 'Sorts tickets.',
        status: 'active',
        tags: [],
        model,
        system_prompt: 'You sort tickets.',
        input_template: '{{ payload.question }}',
        fallback_models: [],
        tools: [],
        input_schema: null,
        output_schema: null,
        filter: null,
        ignore_senders: [],
        breaker: null,
        callback: null,
        allow_get: false,
        allow_empty_body: false,
        title_path: null,
        sandbox_tools: false,
        public_result: 'full',
        result_shape: 'flat',
        burst: null,
        conversation: null,
        schedules: [],
        response: null,
        signature: null,
        limits: {
          timeout_seconds: 20,
          max_attempts: 3,
          max_steps: 12,
          max_output_tokens: null,
          max_total_tokens: null,
          max_cost_usd: null,
          rate_per_minute: null,
          max_concurrency: null,
          max_pending: 10_000,
          ...limits,
        },
        ...config,
      },
    },
    payload,
    headers: wanted.headers ?? {},
    query: wanted.query ?? {},
    earlier: wanted.earlier ?? [],
    attachments: { list: [], read: async () => [], add: async () => undefined },
    log: {
      entries: [...(wanted.log ?? [])],
      append: async (...entries) => {
        wanted.log?.push(...(parseJson(JSON.stringify(entries)) as LogEntry[]));
      },
    },
    memory: { async *list() {}, save: async () => undefined, remove: async () => false },
    documents: { list: async () => [], search: async () => [] },
    pins: { check: async () => [] },
    agents: wanted.agents ?? NO_AGENTS,
    grants: { renew: async (_key, refresh) => refresh(undefined, NO_RENEWAL) },
    signal: wanted.signal ?? new AbortController().signal,
  };
}

const NO_AGENTS: AttemptInput['agents'] = {
  describe: async () => undefined,
  admit: async () => ({ refused: 'This test has no agents.' }),
  follow: async () => ({ state: 'gone' }),
};

/** The result of an attempt that must have succeeded. */
export function resultOf(outcome: AttemptOutcome): TaskSuccess {
  if (outcome.outcome === 'succeeded') return outcome.result;
  throw new Error(`The attempt did not succeed: ${JSON.stringify(outcome)}`);
}

export type Failed = Extract<AttemptOutcome, { outcome: 'failed' }>;

/** The outcome of an attempt that must have failed. */
export function failureOf(outcome: AttemptOutcome): Failed {
  if (outcome.outcome === 'failed') return outcome;
  throw new Error(`The attempt did not fail: ${JSON.stringify(outcome)}`);
}

/** An agent runner without tools, unless the test adds some. */
export const runAgentWith = (
  settings: ProviderSettings,
  kinds: ToolKinds = {},
  deps: Partial<RunAgentDeps> = {},
): RunAgent =>
  createRunAgent(settings, {
    ...deps,
    egress: createEgress({ allow: ['127.0.0.1'] }),
    kinds,
    bounded: createBounded(),
    onDefect: (error) => {
      throw error;
    },
  });
