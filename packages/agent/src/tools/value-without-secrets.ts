import { createSecretFilter } from '../without-secrets.js';

/** A JSON value with a tool's secrets taken out wherever they stand; undefined is null. */
export function withoutSecrets<T>(value: T, secrets: Record<string, string>): T {
  const clean = createSecretFilter(Object.values(secrets));
  return JSON.parse(clean(JSON.stringify(value ?? null)));
}
