import type { PriceOf, ProviderEntry } from '@agenthook/contracts';

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
  /** The operator's own providers, with their secrets in plain text. They replace those of the same name. */
  providers?: readonly ProviderEntry[] | undefined;
  /** The prices of models. Default: the list prices. */
  priceOf?: PriceOf | undefined;
  /** Sent to providers before the SDK's own product names. */
  user_agent?: string | undefined;
  /** The clock. Default: the system's. */
  now?: (() => Date) | undefined;
}

/** Trims the white space at the end of key files. An empty value counts as missing. */
export function trimSettings(settings: ProviderSettings): ProviderSettings {
  const trimmed = Object.entries(settings).map(([name, value]) =>
    typeof value === 'string' ? [name, value.trim() || undefined] : [name, value],
  );
  return Object.fromEntries(trimmed);
}
