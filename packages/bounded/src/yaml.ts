import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { LIMITS } from './limits.js';
import type { YamlRead } from './outcome.js';

/** JSON's types, and merge keys, which people use. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

type NotYaml = Extract<YamlRead, { outcome: 'not_yaml' }>;

/** Parses YAML. Aliases become the same object again and may be circular. */
export function readYaml(text: string): { outcome: 'parsed'; value: unknown } | NotYaml {
  try {
    return { outcome: 'parsed', value: load(text, { schema: SCHEMA }) };
  } catch (error) {
    const { reason } = error as { reason?: unknown };
    return {
      outcome: 'not_yaml',
      reason: typeof reason === 'string' ? reason.slice(0, 300) : 'it nests too deeply',
    };
  }
}

/** Converts YAML to JSON text with every alias written out. */
export function yamlToJson(
  text: string,
): { outcome: 'parsed'; json: string } | NotYaml | { outcome: 'too_large' } {
  const read = readYaml(text);
  if (read.outcome !== 'parsed') return read;
  let json: string;
  try {
    json = JSON.stringify(read.value) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return { outcome: 'too_large' };
    return { outcome: 'not_yaml', reason: 'an alias is circular' };
  }
  return json.length <= LIMITS.yamlCharacters ? { outcome: 'parsed', json } : { outcome: 'too_large' };
}
