import { PROVIDERS, type PriceOf, type ProviderName } from '@agenthook/contracts';

/** The settings for calling model providers. Plain values: nothing here reads the environment. */
export interface ProviderSettings {
  openai_api_key?: string | undefined;
  /** Also the base URL of the provider `compatible`, whose key is optional. */
  openai_base_url?: string | undefined;
  anthropic_api_key?: string | undefined;
  /** With or without `/v1`. */
  anthropic_base_url?: string | undefined;
  google_api_key?: string | undefined;
  google_base_url?: string | undefined;
  /** For example `http://127.0.0.1:11434`. A trailing `/v1` or `/api` is ignored. */
  ollama_base_url?: string | undefined;
  /** The prices of models. Default: the list prices. */
  priceOf?: PriceOf | undefined;
  /** Sent to providers before the SDK's own product names. */
  user_agent?: string | undefined;
  /** The clock. Default: the system's. */
  now?: (() => Date) | undefined;
}

/** The setting that each provider requires; `undefined` if none. */
export const REQUIRED_SETTING = {
  sandbox: undefined,
  openai: 'openai_api_key',
  anthropic: 'anthropic_api_key',
  google: 'google_api_key',
  ollama: 'ollama_base_url',
  compatible: 'openai_base_url',
} as const satisfies Record<ProviderName, keyof ProviderSettings | undefined>;

/** Trims the white space at the end of key files. An empty value counts as missing. */
export function trimSettings(settings: ProviderSettings): ProviderSettings {
  const trimmed = Object.entries(settings).map(([name, value]) =>
    typeof value === 'string' ? [name, value.trim() || undefined] : [name, value],
  );
  return Object.fromEntries(trimmed);
}

/** The providers that these settings can call, always including `sandbox`. */
export function configuredProviders(settings: ProviderSettings): ProviderName[] {
  const given = trimSettings(settings);
  return PROVIDERS.filter((provider) => {
    const required = REQUIRED_SETTING[provider];
    return required === undefined || given[required] !== undefined;
  });
}

/** The values that no message may contain. */
export function secretsOf(settings: ProviderSettings): string[] {
  const { openai_api_key, anthropic_api_key, google_api_key } = trimSettings(settings);
  return [openai_api_key, anthropic_api_key, google_api_key].filter((key) => key !== undefined);
}
