import { type Static, Type } from '@sinclair/typebox';

/** The model providers there are; the part of `provider:model` before the colon. */
export const PROVIDERS = ['sandbox', 'openai', 'anthropic', 'google', 'ollama', 'compatible'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** What a fresh install runs: no key, no model call. */
export const SANDBOX_MODEL = 'sandbox:echo';

export const ProviderInfo = Type.Object({
  provider: Type.String({ enum: [...PROVIDERS] }),
  configured: Type.Boolean({ description: 'Whether a live worker has what it takes to call it.' }),
  needs: Type.Array(Type.String(), { description: 'The environment variables that configure it.' }),
  example: Type.String({ description: 'A `provider:model` to start from.' }),
});
export type ProviderInfo = Static<typeof ProviderInfo>;

export const ModelList = Type.Object(
  {
    default_model: Type.String(),
    providers: Type.Array(ProviderInfo),
  },
  { $id: 'ModelList' },
);
export type ModelList = Static<typeof ModelList>;

/** What each provider needs and an example of its models. */
export const PROVIDER_NEEDS: Record<ProviderName, { needs: string[]; example: string }> = {
  sandbox: { needs: [], example: SANDBOX_MODEL },
  openai: { needs: ['OPENAI_API_KEY'], example: 'openai:gpt-5-mini' },
  anthropic: { needs: ['ANTHROPIC_API_KEY'], example: 'anthropic:claude-sonnet-4-5' },
  google: { needs: ['GOOGLE_GENERATIVE_AI_API_KEY'], example: 'google:gemini-2.5-flash' },
  ollama: { needs: ['OLLAMA_BASE_URL'], example: 'ollama:llama3.2' },
  compatible: { needs: ['OPENAI_BASE_URL'], example: 'compatible:my-model' },
};

/**
 * Splits `provider:model` at its first colon (model names may hold more of them, as `ollama:llama3.2:3b`).
 * Returns undefined where the provider is not one of PROVIDERS or the model is empty or, for sandbox, not `echo`.
 */
export function parseModel(model: string): { provider: ProviderName; name: string } | undefined {
  const colon = model.indexOf(':');
  const provider = PROVIDERS.find((known) => known === model.slice(0, colon));
  const name = model.slice(colon + 1).trim();
  if (colon < 1 || provider === undefined || name === '') return undefined;
  if (provider === 'sandbox' && model !== SANDBOX_MODEL) return undefined;
  return { provider, name };
}
