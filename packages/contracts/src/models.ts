import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';

/** The providers that variables of their own configure: the part of `provider:model` before the colon. */
export const PROVIDERS = ['sandbox', 'openai', 'anthropic', 'google', 'ollama', 'compatible'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** The APIs that a provider may speak. */
export const PROVIDER_KINDS = [
  'openai',
  'anthropic',
  'google',
  'compatible',
  'azure',
  'bedrock',
  'vertex',
  'openrouter',
  'ollama',
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** What the name of a provider may be. */
export const PROVIDER_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,39}$/;

/** The model of a fresh install. It needs no key and calls no model. */
export const SANDBOX_MODEL = 'sandbox:echo';

export const ProviderInfo = Type.Object({
  provider: Type.String({ description: 'The part of `provider:model` before the colon.' }),
  kind: StringEnum(['sandbox', ...PROVIDER_KINDS], { description: 'The API that it speaks.' }),
  configured: Type.Boolean({ description: 'Whether a live worker has the configuration to call it.' }),
  needs: Type.Array(Type.String(), { description: 'The environment variables that configure it.' }),
  example: Type.String({ description: 'A `provider:model` to start with.' }),
  models: Type.Optional(
    Type.Array(Type.String(), { description: 'Its models that PROVIDERS_FILE lists, as `provider:model`.' }),
  ),
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
 * The environment variables to set for a provider. One that is not built in is an entry of PROVIDERS_FILE.
 */
export const needsOf = (provider: string): string[] =>
  isBuiltIn(provider) ? PROVIDER_NEEDS[provider].needs : ['PROVIDERS_FILE'];

const isBuiltIn = (provider: string): provider is ProviderName => PROVIDERS.some((name) => name === provider);

/**
 * Splits `provider:model` at the first colon; model names may contain more, as in `ollama:llama3.2:3b`.
 * Returns undefined if the provider cannot be a name, the model is empty, or a sandbox model is not `echo`.
 * Whether there is such a provider is another question; see Providers.
 */
export function parseModel(model: string): { provider: string; name: string } | undefined {
  const colon = model.indexOf(':');
  const provider = model.slice(0, Math.max(0, colon));
  const name = model.slice(colon + 1).trim();
  if (!PROVIDER_NAME.test(provider) || name === '') return undefined;
  if (provider === 'sandbox' && model !== SANDBOX_MODEL) return undefined;
  return { provider, name };
}

/** An entry of PROVIDERS_FILE without what is secret. */
export interface NamedProvider {
  name: string;
  kind: ProviderKind;
  models?: string[];
}

/** The providers of an installation. */
export interface Providers {
  names: readonly string[];
  /** The API that a provider speaks; undefined if there is no such provider. */
  kindOf(provider: string): ProviderKind | 'sandbox' | undefined;
  /** The providers as GET /api/models lists them. */
  list(configured: ReadonlySet<string>): ProviderInfo[];
}

/** The built-in providers and the operator's own. An own one may replace a built-in one. */
export function createProviders(own: readonly NamedProvider[] = []): Providers {
  const kinds = new Map<string, ProviderKind | 'sandbox'>(PROVIDERS.map((name) => [name, name]));
  for (const { name, kind } of own) kinds.set(name, kind);
  const modelsOf = (provider: string) => own.find(({ name }) => name === provider)?.models ?? [];
  const names = [...kinds.keys()];
  return {
    names,
    kindOf: (provider) => kinds.get(provider),
    list: (configured) =>
      names.map((provider) => {
        const models = modelsOf(provider).map((name) => `${provider}:${name}`);
        const isOwn = own.some(({ name }) => name === provider);
        return {
          provider,
          kind: kinds.get(provider) ?? 'compatible',
          configured: configured.has(provider),
          needs: isOwn ? ['PROVIDERS_FILE'] : needsOf(provider),
          example:
            models[0] ?? (isBuiltIn(provider) ? PROVIDER_NEEDS[provider].example : `${provider}:my-model`),
          ...(models.length > 0 && { models }),
        };
      }),
  };
}
