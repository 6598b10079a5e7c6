import type { FailureCode } from './trace.js';

/** What to do about a run or an attempt that failed. */
const ADVICE: Record<FailureCode, string> = {
  model_auth:
    'The provider refused the credentials. Set its API key where the worker starts, then replay the ' +
    'run.',
  model_rate_limited:
    'The provider asked for fewer requests. Replay later, give the agent a fallback model, or limit ' +
    'its rate.',
  model_unavailable: 'The provider could not be reached or answered with errors. Replay once it is back.',
  model_refused:
    'The provider refused this input. Check the prompt for what it may object to; retrying rarely ' +
    'helps.',
  invalid_output:
    'The model’s answer did not match the output schema. Loosen the schema, describe the format in ' +
    'the prompt, or use another model.',
  tool_failed: 'A tool failed. Open the failed call in the timeline to see its arguments and its answer.',
  timeout:
    'The run took longer than the agent allows. Raise timeout_seconds, or see in the time bar where ' +
    'the time went.',
  budget_exhausted:
    'The run reached the agent’s limit of tokens or cost. Raise the limit, or shorten prompt and payload.',
  max_steps:
    'The model needed more turns than the agent allows. Raise max_steps, or see in the steps what it ' +
    'repeats.',
  cancelled: 'Someone cancelled the run. Replay it to run it again.',
  worker_lost:
    'The worker process that ran only this task died twice. Check the worker’s log and memory, then ' +
    'replay.',
  agent_unavailable:
    'The agent was deleted or disabled, or its version cannot be read. Enable it, then replay.',
  internal: 'A bug in AgentHook, not in your agent. The worker’s log has the details under this task id.',
};

/** undefined for a code from a newer api. */
export const adviceFor = (code: string): string | undefined =>
  Object.hasOwn(ADVICE, code) ? ADVICE[code as FailureCode] : undefined;
