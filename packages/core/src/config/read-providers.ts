import { lackOf, type ProviderEntry, ProviderFile } from '@agenthook/contracts';
import { isJsonObject } from '@agenthook/json';
import { EnvironmentError } from './load-environment.js';
import { readJsonFile } from './read-json-file.js';

const VARIABLE = 'PROVIDERS_FILE';
/** `${NAME}` in a text of the file. */
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]{0,200})\}/g;

/**
 * The entries of PROVIDERS_FILE; none without the variable. Throws EnvironmentError with one line for a bad
 * file.
 *
 * @param env replaces `${NAME}` in the texts of the entries; without it, the references stay
 */
export function readProviders(path: string | undefined, env?: NodeJS.ProcessEnv): ProviderEntry[] {
  if (!path) return [];
  const fail = (problem: string): never => {
    throw new EnvironmentError(`${VARIABLE} (${path}): ${problem}`);
  };
  const entries = readJsonFile(VARIABLE, path, ProviderFile, (value) =>
    isJsonObject(value) && Object.keys(value).join() === 'providers' ? value.providers : value,
  );
  const names = new Set<string>();
  return entries.map((given, index) => {
    const { name } = given;
    if (name === 'sandbox') fail(`/${index}/name: "sandbox" calls no provider; give it another name.`);
    if (names.has(name)) fail(`/${index}/name: two entries are called "${name}".`);
    names.add(name);
    const lack = lackOf(given);
    if (lack !== undefined) fail(`/${index}: "${name}" (${given.kind}) needs ${lack}.`);
    if (!env) return given;
    const entry = filled(given, env, (at, missing) =>
      fail(`/${index}${at}: the environment variable ${missing} is not set.`),
    );
    if (entry.base_url !== undefined && !isUsable(entry.base_url)) {
      fail(`/${index}/base_url: it must be an http(s) URL without credentials.`);
    }
    return entry;
  });
}

/** A value whose texts have the variables that they refer to. */
function filled<T>(value: T, env: NodeJS.ProcessEnv, lacks: (at: string, name: string) => never, at = ''): T {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (_all, name: string) => env[name] || lacks(at, name)) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, filled(part, env, lacks, `${at}/${key}`)]);
  return (Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts)) as T;
}

/** fetch rejects URLs that contain credentials, and its error would quote them. */
function isUsable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
