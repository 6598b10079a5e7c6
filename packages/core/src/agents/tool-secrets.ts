import type { AgentConfig, ToolConfig, ToolSecrets } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';

function mapSecrets<T extends Pick<AgentConfig, 'tools'>>(
  config: T,
  change: (value: ToolSecrets[string], name: string, tool: ToolConfig, index: number) => ToolSecrets[string],
): T {
  const tools = config.tools.map((tool, index) => {
    if (!tool.secrets) return tool;
    const entries = Object.entries(tool.secrets).map(([name, value]) => [
      name,
      change(value, name, tool, index),
    ]);
    return { ...tool, secrets: Object.fromEntries(entries) as ToolSecrets };
  });
  return { ...config, tools };
}

/**
 * Encrypts the secrets that a client sent. `true` keeps the stored secret of the tool with the same name.
 * Throws `invalid_request` if none is stored.
 */
export function sealToolSecrets(
  config: AgentConfig,
  stored: AgentConfig | undefined,
  box: SecretBox,
  agentId: string,
): AgentConfig {
  return mapSecrets(config, (value, name, tool, index) => {
    if (value !== true) return box.seal(value, contextOf.tool(agentId));
    const kept = stored?.tools.find((other) => other.name === tool.name)?.secrets?.[name];
    if (kept !== undefined) return kept;
    const path = `/tools/${index}/secrets/${name}`;
    throw new AppError(
      'invalid_request',
      `The tool "${tool.name}" has no stored secret ${name} to keep; send its value.`,
      {
        issues: [{ path, message: 'has no stored value to keep' }],
      },
    );
  });
}

/** The tools as the API shows them: that a secret exists, not its value. */
export const maskToolSecrets = <T extends Pick<AgentConfig, 'tools'>>(config: T): T =>
  mapSecrets(config, () => true);

/** The configuration with its tools' secrets in plain text, for a run. */
export const openSecrets = (config: AgentConfig, box: SecretBox, agentId: string): AgentConfig =>
  mapSecrets(config, (value) => (value === true ? value : box.open(value, contextOf.tool(agentId))));
