import { createCheckTools, createRunAgent, type ProviderSettings, TOOL_KINDS } from '@agenthook/agent';
import type { CheckTools, ProviderEntry, RunAgent } from '@agenthook/contracts';
import {
  type Context,
  createVersionCache,
  describeAgent,
  type EnterStep,
  grantsOf,
  tracesContent,
  type WorkerEnvironment,
} from '@agenthook/core';
import { createEgress, type Egress, parseAllow } from '@agenthook/egress';
import { createPdfText } from './read-pdf.js';

export function providerSettings(
  env: WorkerEnvironment,
  providers: readonly ProviderEntry[],
): ProviderSettings {
  return {
    openai_api_key: env.OPENAI_API_KEY,
    openai_base_url: env.OPENAI_BASE_URL,
    anthropic_api_key: env.ANTHROPIC_API_KEY,
    anthropic_base_url: env.ANTHROPIC_BASE_URL,
    google_api_key: env.GOOGLE_GENERATIVE_AI_API_KEY,
    google_base_url: env.GOOGLE_BASE_URL,
    ollama_base_url: env.OLLAMA_BASE_URL,
    providers,
  };
}

/** Creates this process's agent runner, and its check of tools, from its environment. */
export function openAgentRunner(
  ctx: Context,
  env: WorkerEnvironment,
  providers: readonly ProviderEntry[],
  enterStep: EnterStep,
): { runAgent: RunAgent; checkTools: CheckTools; egress: Egress } {
  const egress = createEgress({ allow: parseAllow(env.EGRESS_ALLOW) });
  const onDefect = (error: unknown, tool: string) =>
    ctx.log.error({ err: error, tool }, 'a tool failed because of an internal error');
  const { priceOf } = ctx.models;
  const settings = { ...providerSettings(env, providers), priceOf, now: () => new Date(ctx.now()) };
  const runAgent = createRunAgent(settings, {
    egress,
    kinds: TOOL_KINDS,
    bounded: ctx.bounded,
    onDefect,
    tracesContent: tracesContent(env),
    readPdf: createPdfText(),
    enterStep,
  });
  const versions = createVersionCache(ctx);
  const checkTools = createCheckTools({
    egress,
    kinds: TOOL_KINDS,
    bounded: ctx.bounded,
    describeAgent: (id) => describeAgent(ctx, versions, id),
    grantsOf: (agentId) => grantsOf(ctx, agentId),
  });
  return { runAgent, checkTools, egress };
}
