import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';

/** The model providers: the part of `provider:model` before the colon. */
export const PROVIDERS = ['sandbox', 'openai', 'anthropic', 'google', 'ollama', 'compatible'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** The model of a fresh install. It needs no key and calls no model. */
export const SANDBOX_MODEL = 'sandbox:echo';

export const ProviderInfo = Type.Object({
  provider: StringEnum(PROVIDERS),
  configured: Type.Boolean({ description: 'Whether a live worker has the configuration to call it.' }),
  needs: Type.Array(Type.String(), { description: 'The environment variables that configure it.' }),
  example: Type.String({ description: 'A `provider:model` to start with.' }),
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

/** The environment variables that each provider needs, and an example of its models. */
export const PROVIDER_NEEDS: Record<ProviderName, { needs: string[]; example: string }> = {
  sandbox: { needs: [], example: SANDBOX_MODEL },
  openai: { needs: ['OPENAI_API_KEY'], example: 'openai:gpt-5-mini' },
  anthropic: { needs: ['ANTHROPIC_API_KEY'], example: 'anthropic:claude-sonnet-4-5' },
  google: { needs: ['GOOGLE_GENERATIVE_AI_API_KEY'], example: 'google:gemini-2.5-flash' },
  ollama: { needs: ['OLLAMA_BASE_URL'], example: 'ollama:llama3.2' },
  compatible: { needs: ['OPENAI_BASE_URL'], example: 'compatible:my-model' },
};

/**
 * Splits `provider:model` at the first colon; model names may contain more, as in `ollama:llama3.2:3b`.
 * Returns undefined if the provider is not in PROVIDERS, the model is empty, or a sandbox model is not
 * `echo`.
 */
export function parseModel(model: string): { provider: ProviderName; name: string } | undefined {
  const colon = model.indexOf(':');
  const provider = PROVIDERS.find((known) => known === model.slice(0, colon));
  const name = model.slice(colon + 1).trim();
  if (colon < 1 || provider === undefined || name === '') return undefined;
  if (provider === 'sandbox' && model !== SANDBOX_MODEL) return undefined;
  return { provider, name };
}
