import { PROVIDERS, type ProviderName } from '@agenthook/contracts';

/** What it takes to call model providers. Plain values: nothing here is read from the environment. */
export interface ProviderSettings {
  openai_api_key?: string | undefined;
  /** Also the base URL of the provider `compatible`, for which the key is optional. */
  openai_base_url?: string | undefined;
  anthropic_api_key?: string | undefined;
  /** With or without `/v1`. */
  anthropic_base_url?: string | undefined;
  google_api_key?: string | undefined;
  google_base_url?: string | undefined;
  /** As in `http://127.0.0.1:11434`; a trailing `/v1` or `/api` does no harm. */
  ollama_base_url?: string | undefined;
  /** Sent to providers before the SDK's own product names. */
  user_agent?: string | undefined;
  /** The clock; by default the system's. */
  now?: (() => Date) | undefined;
}

/** What makes each provider callable, by the name of its setting; `undefined` where nothing is needed. */
export const REQUIRED_SETTING = {
  sandbox: undefined,
  openai: 'openai_api_key',
  anthropic: 'anthropic_api_key',
  google: 'google_api_key',
  ollama: 'ollama_base_url',
  compatible: 'openai_base_url',
} as const satisfies Record<ProviderName, keyof ProviderSettings | undefined>;

/** Without the white space that key files end in; an empty value is none at all. */
export function trimSettings(settings: ProviderSettings): ProviderSettings {
  const trimmed = Object.entries(settings).map(([name, value]) =>
    typeof value === 'string' ? [name, value.trim() || undefined] : [name, value],
  );
  return Object.fromEntries(trimmed);
}

/** The providers that these settings suffice to call; `sandbox` always. */
export function configuredProviders(settings: ProviderSettings): ProviderName[] {
  const given = trimSettings(settings);
  return PROVIDERS.filter((provider) => {
    const required = REQUIRED_SETTING[provider];
    return required === undefined || given[required] !== undefined;
  });
}

/** The values that no message may show. */
export function secretsOf(settings: ProviderSettings): string[] {
  const { openai_api_key, anthropic_api_key, google_api_key } = trimSettings(settings);
  return [openai_api_key, anthropic_api_key, google_api_key].filter((key) => key !== undefined);
}
