import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { LIMITS } from './limits.js';
import type { YamlRead } from './outcome.js';

/** JSON's types, and merge keys, which people use. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

type NotYaml = Extract<YamlRead, { outcome: 'not_yaml' }>;

/** Reads YAML. Aliases come out as the same object again and again, and may lead back to where they stand. */
export function readYaml(text: string): { outcome: 'parsed'; value: unknown } | NotYaml {
  try {
    return { outcome: 'parsed', value: load(text, { schema: SCHEMA }) };
  } catch (error) {
    const { reason } = error as { reason?: unknown };
    return {
      outcome: 'not_yaml',
      reason: typeof reason === 'string' ? reason.slice(0, 300) : 'it is too deep',
    };
  }
}

/** YAML as JSON text, in which each alias is written out. */
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
    return { outcome: 'not_yaml', reason: 'an alias leads back to where it stands' };
  }
  return json.length <= LIMITS.yamlCharacters ? { outcome: 'parsed', json } : { outcome: 'too_large' };
}
