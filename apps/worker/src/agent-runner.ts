import { createCheckTools, createRunAgent, type ProviderSettings, TOOL_KINDS } from '@agenthook/agent';
import type { CheckTools, RunAgent } from '@agenthook/contracts';
import type { Context, EnterStep, WorkerEnvironment } from '@agenthook/core';
import { createEgress, type Egress, parseAllow } from '@agenthook/egress';

export function providerSettings(env: WorkerEnvironment): ProviderSettings {
  return {
    openai_api_key: env.OPENAI_API_KEY,
    openai_base_url: env.OPENAI_BASE_URL,
    anthropic_api_key: env.ANTHROPIC_API_KEY,
    anthropic_base_url: env.ANTHROPIC_BASE_URL,
    google_api_key: env.GOOGLE_GENERATIVE_AI_API_KEY,
    ollama_base_url: env.OLLAMA_BASE_URL,
  };
}

/** Creates this process's agent runner, and its check of tools, from its environment. */
export function openAgentRunner(
  ctx: Context,
  env: WorkerEnvironment,
  enterStep: EnterStep,
): { runAgent: RunAgent; checkTools: CheckTools; egress: Egress } {
  const egress = createEgress({ allow: parseAllow(env.EGRESS_ALLOW) });
  const onDefect = (error: unknown, tool: string) =>
    ctx.log.error({ err: error, tool }, 'a tool failed because of an internal error');
  const settings = { ...providerSettings(env), priceOf: ctx.priceOf, now: () => new Date(ctx.now()) };
  const runAgent = createRunAgent(settings, {
    egress,
    kinds: TOOL_KINDS,
    bounded: ctx.bounded,
    onDefect,
    enterStep,
  });
  const checkTools = createCheckTools({ egress, kinds: TOOL_KINDS, bounded: ctx.bounded });
  return { runAgent, checkTools, egress };
}
