import { CORE_SCHEMA, dump, load, YAMLException } from 'js-yaml';
import { type AgentConfig, SECRET_PLACEHOLDER, splitFields, withoutSecrets } from './agent-config.js';

/** Of a file, in bytes; the api takes no more. */
export const MAX_YAML_BYTES = 1024 * 1024;
/** How many levels of lists and mappings it may have; a JSON Schema seldom has more than twenty. */
const MAX_DEPTH = 100;

const HEAD = `# An agent of AgentHook. Where it says ${SECRET_PLACEHOLDER}, a secret is asked for on import.\n`;

/** A configuration as a file, with placeholders for its secrets. */
export const toYaml = (agent: object): string =>
  HEAD + dump(withoutSecrets(agent), { lineWidth: -1, noRefs: true });

/** As in `ticket-triage.agent.yaml`. */
export function fileNameOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '');
  return `${words || 'agent'}.agent.yaml`;
}

/** @property problem in words, where the text can not be read */
export type ReadYaml = { config: AgentConfig; unknown: string[] } | { problem: string };

/**
 * Reads a file that anybody may have written: YAML 1.2 with JSON's types, so JSON too, without aliases, merges, tags or
 * keys that stand twice, at most MAX_YAML_BYTES long and MAX_DEPTH deep. Whether it makes an agent is for the api to say.
 */
export function readYaml(text: string): ReadYaml {
  if (new Blob([text]).size > MAX_YAML_BYTES) return { problem: 'It is longer than 1 MiB.' };
  try {
    const value = load(text, { schema: CORE_SCHEMA, maxAliases: 0, maxDepth: MAX_DEPTH });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return splitFields(value as Record<string, unknown>);
    }
    return { problem: 'It has no fields of an agent, as in “name: Ticket triage”.' };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'It can not be read as YAML.';
  if (/maxAliases/.test(error.reason))
    return 'Anchors and aliases are not read: write out what *… stands for.';
  if (/maxDepth/.test(error.reason)) return `It nests deeper than ${MAX_DEPTH} levels.`;
  const place = error.mark ? ` in line ${error.mark.line + 1}, column ${error.mark.column + 1}` : '';
  return `It is not YAML${place}: ${error.reason}.`;
}
