import { createNumberMarks, isJsonObject } from '@agenthook/json';
import { CORE_SCHEMA, dump, load, YAMLException } from 'js-yaml';
import { type AgentConfig, SECRET_PLACEHOLDER, splitFields, withoutSecrets } from './agent-config.js';

/** Maximum size of a file, in bytes. The api accepts no more. */
export const MAX_YAML_BYTES = 1024 * 1024;
/** How many levels lists and mappings may nest. JSON Schemas rarely exceed twenty. */
const MAX_DEPTH = 100;

const HEAD = `# An AgentHook agent. The import asks for a secret wherever it says ${SECRET_PLACEHOLDER}.\n`;

/** Writes a configuration as a file, with placeholders for its secrets. */
export function toYaml(agent: object): string {
  const marks = createNumberMarks();
  const plain: unknown = JSON.parse(marks.mark(JSON.stringify(withoutSecrets(agent))));
  return HEAD + marks.unmark(dump(plain, { lineWidth: -1, noRefs: true }));
}

/** For example `ticket-triage.agent.yaml`. */
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

/** @property problem the error message, if the text cannot be read */
export type ReadYaml = { config: AgentConfig; unknown: string[] } | { problem: string };

/**
 * Parses a file from any source: YAML 1.2 with JSON's types (and so JSON), without aliases, merges, tags or
 * duplicate keys, at most MAX_YAML_BYTES long and MAX_DEPTH deep. The api decides whether it is a valid
 * agent.
 */
export function readYaml(text: string): ReadYaml {
  if (new Blob([text]).size > MAX_YAML_BYTES) return { problem: 'The file is larger than 1 MiB.' };
  try {
    const value = load(text, { schema: CORE_SCHEMA, maxAliases: 0, maxDepth: MAX_DEPTH });
    if (isJsonObject(value)) return splitFields(value);
    return { problem: 'The file has no agent fields such as “name: Ticket triage”.' };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'The file cannot be read as YAML.';
  if (/maxAliases/.test(error.reason))
    return 'Anchors and aliases are not supported: write out what *… refers to.';
  if (/maxDepth/.test(error.reason)) return `The file nests deeper than ${MAX_DEPTH} levels.`;
  const place = error.mark ? ` in line ${error.mark.line + 1}, column ${error.mark.column + 1}` : '';
  return `This is not valid YAML${place}: ${error.reason}.`;
}
