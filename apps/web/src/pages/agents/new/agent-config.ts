import { isJsonObject } from '@agenthook/json';
import type { Schema } from '../../../api/client.js';

/** The configuration of an agent: the body of POST /api/agents. */
export type AgentConfig = Schema<'AgentInput'>;

/**
 * The placeholder for a secret in files and templates. It is a URL, so that tools whose secret is one can be
 * opened; it leads nowhere (RFC 2606).
 */
export const SECRET_PLACEHOLDER = 'https://enter-the-secret.invalid';

/** Every field of a configuration. A file may have no others. */
const FIELDS: Record<keyof AgentConfig, true> = {
  name: true,
  description: true,
  status: true,
  tags: true,
  model: true,
  fallback_models: true,
  model_options: true,
  system_prompt: true,
  input_template: true,
  tools: true,
  input_schema: true,
  output_schema: true,
  filter: true,
  ignore_senders: true,
  breaker: true,
  signature: true,
  callback: true,
  notify: true,
  allow_get: true,
  allow_empty_body: true,
  title_path: true,
  sandbox_tools: true,
  public_result: true,
  result_shape: true,
  burst: true,
  conversation: true,
  response: true,
  schedules: true,
  destinations: true,
  limits: true,
  budget: true,
  retention: true,
  masks: true,
};

type Values = Record<string, unknown>;

/** Splits a parsed file into the fields of a configuration and the names of all other fields. */
export function splitFields(values: Values): { config: AgentConfig; unknown: string[] } {
  const known = Object.entries(values).filter(([name]) => Object.hasOwn(FIELDS, name));
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(FIELDS, name));
  return { config: Object.fromEntries(known) as unknown as AgentConfig, unknown };
}

/**
 * Returns the configuration of an agent or a file, with a placeholder for each secret. Drops what belongs to
 * one agent only: id, versions, webhook, callback state, and a secret that is being rotated out.
 */
export function withoutSecrets(agent: object): AgentConfig {
  const { config } = splitFields(agent as Values);
  const { tools, destinations, signature, callback } = config as Values;
  return {
    ...config,
    ...(Array.isArray(tools) && { tools: tools.map(withoutToolSecrets) }),
    ...(Array.isArray(destinations) && { destinations: destinations.map(withoutToolSecrets) }),
    ...(isJsonObject(signature) && { signature: withoutSignatureSecrets(signature) }),
    ...(isJsonObject(callback) && { callback: { url: callback.url } }),
  } as AgentConfig;
}

function withoutToolSecrets(tool: unknown): unknown {
  if (!isJsonObject(tool) || !isJsonObject(tool.secrets)) return tool;
  const names = Object.keys(tool.secrets);
  return { ...tool, secrets: Object.fromEntries(names.map((name) => [name, SECRET_PLACEHOLDER])) };
}

const withoutSignatureSecrets = ({ previous_secret: _gone, ...signature }: Values): Values => ({
  ...signature,
  secret: SECRET_PLACEHOLDER,
});

/** A secret that must be entered before the agent works. */
export interface MissingSecret {
  /** JSON Pointer. */
  path: string;
  /** The tool or destination that needs it; undefined for the signature's secret. */
  tool: string | undefined;
  name: string;
}

const isMissing = (value: unknown): boolean =>
  value === SECRET_PLACEHOLDER || value === true || value === null || value === '';

/** The secrets of a configuration that have no value. */
export function missingSecrets(config: AgentConfig): MissingSecret[] {
  const { tools, destinations, signature } = config as Values;
  const missingIn = (list: unknown, field: 'tools' | 'destinations') =>
    (Array.isArray(list) ? list : []).flatMap((each: unknown, index): MissingSecret[] => {
      if (!isJsonObject(each) || !isJsonObject(each.secrets)) return [];
      const tool = String(each.name ?? each.type);
      return Object.entries(each.secrets)
        .filter(([, value]) => isMissing(value))
        .map(([name]) => ({ path: `/${field}/${index}/secrets/${name}`, tool, name }));
    });
  const ofTools = [...missingIn(tools, 'tools'), ...missingIn(destinations, 'destinations')];
  const ofSignature = isJsonObject(signature) && isMissing(signature.secret);
  return ofSignature
    ? [...ofTools, { path: '/signature/secret', tool: undefined, name: String(signature.scheme) }]
    : ofTools;
}

/**
 * Puts the entered secrets into a configuration, by path. A tool without its secret keeps the placeholder, so
 * its calls fail until it is set. A signature without a secret is removed, because it could not be checked.
 */
export function withSecrets(config: AgentConfig, entered: Readonly<Record<string, string>>): AgentConfig {
  const filled = structuredClone(config) as Values;
  for (const { path, tool, name } of missingSecrets(config)) {
    const value = entered[path] || SECRET_PLACEHOLDER;
    if (tool === undefined) {
      filled.signature = entered[path] ? { ...(filled.signature as Values), secret: value } : null;
    } else {
      const [, field = '', index] = path.split('/');
      const { secrets } = (filled[field] as { secrets: Values }[])[Number(index)] as { secrets: Values };
      secrets[name] = value;
    }
  }
  return filled as unknown as AgentConfig;
}
