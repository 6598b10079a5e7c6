import type { ProviderKind } from '@agenthook/contracts';

/**
 * As of November 2025: how many tokens the models of a family read at most, by the beginning of their name.
 * The first match counts, so a longer name comes before a shorter one. Sources:
 * platform.openai.com/docs/models, docs.claude.com/en/docs/about-claude/models,
 * ai.google.dev/gemini-api/docs/models, docs.mistral.ai, api-docs.deepseek.com, docs.x.ai, and model cards
 * at huggingface.co.
 */
const WINDOWS: readonly (readonly [name: string, tokens: number])[] = [
  ['gpt-5-chat', 128_000],
  ['gpt-5', 400_000],
  ['gpt-4.1', 1_047_576],
  ['gpt-4o', 128_000],
  ['chatgpt-4o', 128_000],
  ['gpt-4-turbo', 128_000],
  ['gpt-4-32k', 32_768],
  ['gpt-4', 8_192],
  ['gpt-3.5', 16_385],
  ['gpt-oss', 131_072],
  ['o1-mini', 128_000],
  ['o1-preview', 128_000],
  ['o1', 200_000],
  ['o3', 200_000],
  ['o4-mini', 200_000],
  ['claude', 200_000],
  ['gemini-1.5-pro', 2_097_152],
  ['gemini-1.0', 32_768],
  ['gemini', 1_048_576],
  ['gemma-3', 131_072],
  ['gemma-2', 8_192],
  ['mixtral-8x22b', 65_536],
  ['mixtral', 32_768],
  ['mistral-7b', 32_768],
  ['mistral', 131_072],
  ['ministral', 131_072],
  ['magistral', 40_960],
  ['codestral', 131_072],
  ['devstral', 131_072],
  ['pixtral', 131_072],
  ['deepseek', 131_072],
  ['grok-4-fast', 2_000_000],
  ['grok-4', 256_000],
  ['grok-code', 256_000],
  ['grok', 131_072],
  ['llama-2', 4_096],
  ['llama-3-', 8_192],
  ['llama', 131_072],
  ['qwen3-coder', 262_144],
  ['qwen', 32_768],
  ['kimi', 131_072],
  ['glm-4.6', 200_000],
  ['glm', 131_072],
  ['command-r', 128_000],
  ['command-a', 256_000],
  ['nova-micro', 128_000],
  ['nova', 300_000],
  ['phi-4', 16_384],
];

/**
 * The window of a model in tokens; undefined if it is unknown. Gateways put a path before a name
 * (`anthropic/claude-sonnet-4.5`). Ollama has a window of its own for each model, which it does not tell.
 */
export function windowOf(kind: ProviderKind | 'sandbox', model: string): number | undefined {
  if (kind === 'ollama' || kind === 'sandbox') return undefined;
  const name = model.toLowerCase().split('/').at(-1) ?? '';
  return WINDOWS.find(([beginning]) => name.startsWith(beginning))?.[1];
}
