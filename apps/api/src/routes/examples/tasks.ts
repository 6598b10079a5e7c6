import type {
  ActionRequiredPayload,
  Alert,
  CallbackPayload,
  DecisionMade,
  PendingApproval,
  Stats,
  TaskEvent,
  TaskState,
  TaskSummary,
} from '@agenthook/contracts';
import { agent } from './agents.js';

export const taskId = '5e1f6a70-93c4-8b1d-a2e4-0d9f8c7b6a51';

export const taskState: TaskState = {
  task_id: taskId,
  status: 'SUCCESS',
  result: {
    answer: 'Switch it off, wait ten seconds, and switch it on again.',
    tool_calls: [],
    sources: [],
    thought: '',
    usage: { input_tokens: 58, output_tokens: 14, total_tokens: 72, cost_usd: null },
    model: 'openai:gpt-5-mini',
    steps: 1,
  },
  created_at: '2026-11-22T09:05:00.000Z',
  started_at: '2026-11-22T09:05:00.004Z',
  finished_at: '2026-11-22T09:05:01.310Z',
  attempt: 1,
  max_attempts: 3,
  next_attempt_at: null,
  conversation_id: null,
  last_error: null,
  waiting_for: null,
};

export const taskPending: TaskState = {
  ...taskState,
  status: 'PENDING',
  result: null,
  started_at: null,
  finished_at: null,
  attempt: 0,
};

export const taskWaiting: TaskState = {
  ...taskState,
  status: 'STARTED',
  result: null,
  finished_at: null,
  waiting_for: {
    kind: 'approval',
    text: 'waits for approval of refund until 2026-11-23 09:06 UTC',
    tool: 'refund',
    arguments: { order: 'A-1', amount: 49.9 },
    expires_at: '2026-11-23T09:05:01.310Z',
  },
};

export const pendingApproval: PendingApproval = {
  task_id: taskId,
  call_id: '1:call_7d1f',
  agent_id: agent.id,
  kind: 'approval',
  tool: 'refund',
  arguments: { order: 'A-1', amount: 49.9 },
  asked_at: '2026-11-22T09:05:01.310Z',
  expires_at: '2026-11-23T09:05:01.310Z',
  approvers: ['operator'],
  may_decide: true,
  url: `https://agenthook.example.com/runs/${taskId}`,
};

export const decisionMade: DecisionMade = {
  task_id: taskId,
  call_id: '1:call_7d1f',
  decision: 'approve',
  decided_at: '2026-11-22T09:12:44.021Z',
};

export const callbackPayload: CallbackPayload = {
  type: 'task.succeeded',
  timestamp: '2026-11-22T09:05:01.310Z',
  data: {
    task_id: taskId,
    agent_id: agent.id,
    agent_version: 1,
    trigger: 'webhook',
    status: 'SUCCESS',
    result: taskState.result,
    created_at: taskState.created_at,
    started_at: taskState.started_at,
    finished_at: '2026-11-22T09:05:01.310Z',
  },
};

export const actionRequired: ActionRequiredPayload = {
  type: 'task.action_required',
  timestamp: '2026-11-22T09:05:01.000Z',
  data: {
    task_id: taskId,
    call_id: '1:call_1',
    agent_id: agent.id,
    agent_version: 1,
    trigger: 'webhook',
    kind: 'approval',
    tool: 'refund',
    arguments: { order: 'A-1', amount: 20 },
    asked_at: '2026-11-22T09:05:01.000Z',
    expires_at: '2026-11-23T09:05:01.000Z',
    url: 'https://hooks.example.com/decide/NWUxZjZhNzA.c2lnbmF0dXJl',
  },
};

export const taskFailed: TaskState = {
  ...taskState,
  status: 'FAILURE',
  result: {
    error: { code: 'model_auth', message: 'The provider refused the API key. Check OPENAI_API_KEY.' },
    tool_calls: [],
    usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: null },
  },
};

export const taskCancelled: TaskState = {
  ...taskState,
  status: 'FAILURE',
  result: {
    error: { code: 'cancelled', message: 'The task was cancelled.' },
    tool_calls: [],
    usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: null },
  },
};

export const taskTrace = {
  ...taskState,
  agent_id: agent.id,
  agent_version: 1,
  trigger: 'webhook',
  via: 'webhook',
  sender: 'github',
  idempotency_key: 'order-4711-paid',
  payload: { question: 'My printer does not print. What now?' },
  headers: { 'content-type': 'application/json' },
  attachments: [],
  query: {},
  replay_of: null,
  replays: [],
  continued_by: [],
  prompt: {
    system: 'You answer customers of a printer maker. Be short and kind.',
    user: 'Question: <data-5e1f6a7093c4>My printer does not print. What now?</data-5e1f6a7093c4>',
  },
  steps: [
    {
      at: '2026-11-22T09:05:01.300Z',
      attempt: 1,
      model: 'openai:gpt-5-mini',
      latency_ms: 1_290,
      input_tokens: 58,
      output_tokens: 14,
      cost_usd: 0.0000425,
      text: 'Switch it off, wait ten seconds, and switch it on again.',
      thought: '',
      finish_reason: 'stop',
      tool_calls: [],
    },
  ],
  notes: [],
  failed_attempts: [],
};

export const taskSummary: TaskSummary = {
  task_id: taskId,
  agent_id: agent.id,
  agent_version: 1,
  status: 'SUCCESS',
  trigger: 'webhook',
  via: 'webhook',
  sender: 'github',
  idempotency_key: 'order-4711-paid',
  replay_of: null,
  conversation_id: null,
  created_at: '2026-01-31T12:00:00.000Z',
  started_at: '2026-01-31T12:00:00.004Z',
  finished_at: '2026-01-31T12:00:02.504Z',
  attempt: 1,
  max_attempts: 3,
  waiting_for: null,
  duration_ms: 2500,
  error_code: null,
  model: 'openai:gpt-5-mini',
  steps: 2,
  total_tokens: 1204,
  cost_usd: 0.0021,
};

const counts = {
  triggered: 12,
  succeeded: 10,
  failed: 1,
  rejected: 2,
  filtered: 5,
  p50_ms: 1800,
  p95_ms: 6100,
  input_tokens: 10_400,
  output_tokens: 2100,
  cost_usd: 0.021,
};

export const stats: Stats = {
  from: '2026-01-31T12:00:00.000Z',
  to: '2026-01-31T13:00:00.000Z',
  bucket: 'hour',
  queue: { pending: 0, started: 1 },
  totals: counts,
  series: [{ start: '2026-01-31T12:00:00.000Z', ...counts }],
};

const { result: _result, ...startedState } = {
  ...taskState,
  status: 'STARTED' as const,
  finished_at: null,
};
const { tool_calls: _calls, ...turn } = taskTrace.steps[0] as (typeof taskTrace.steps)[number];

export const taskEvents: TaskEvent[] = [
  { id: '0-0.0.3', event: 'status', data: startedState },
  {
    id: '1795338301300-1t.0.3',
    event: 'text',
    data: { at: turn.at, attempt: 1, step: 1, text: turn.text },
  },
  { id: '1795338301300-1.1.3', event: 'step', data: { step: 1, ...turn } },
  { id: '1795338301300-1.1.end', event: 'finished', data: taskState },
];

export const alert: Alert = {
  id: 'alt_019acf1c3d80a1b2c3d4e5f60718',
  rule_id: 'alr_7d3c0a91b2e4f5061728394a',
  rule: 'Refunds fail',
  type: 'failure_rate',
  agent_id: agent.id,
  task_id: null,
  status: 'open',
  text: 'Agent "Refunds": 62 % of 13 runs failed within 15 min (limit 50 %).',
  opened_at: '2026-11-29T09:15:00.000Z',
  resolved_at: null,
  resolution: null,
};
