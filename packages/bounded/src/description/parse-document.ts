import { isJsonObject, parseJson } from '@agenthook/json';
import { readYaml } from '../yaml.js';
import { DescriptionError, type Fields } from './fields.js';

/**
 * Parses a document, JSON or YAML, https://spec.openapis.org/oas/v3.1.1.html#format. JSON is also YAML, but
 * parses ten times faster on its own. Throws DescriptionError.
 */
export function parseDocument(text: string): Fields {
  if (/^\s*<(!doctype|html)\b/i.test(text.slice(0, 1_000))) {
    throw new DescriptionError(
      'The OpenAPI description is a web page. Give the URL of the JSON or YAML that it shows.',
    );
  }
  const root = parse(text.replace(/^\uFEFF/, ''));
  if (!isJsonObject(root)) throw new DescriptionError('The OpenAPI description is not an object.');
  return root;
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    const read = readYaml(text);
    if (read.outcome === 'parsed') return read.value;
    throw new DescriptionError(
      `The OpenAPI description is neither valid JSON nor valid YAML: ${read.reason}.`,
    );
  }
}

/** Whether a description is Swagger 2.0. Throws DescriptionError if it is neither that nor OpenAPI 3. */
export function isSwagger(root: Fields): boolean {
  const swagger = root.swagger !== undefined;
  // A YAML author may omit the quotes; 3.0 is then a number.
  if (swagger ? !/^2(\.|$)/.test(String(root.swagger)) : !/^3(\.|$)/.test(String(root.openapi))) {
    throw new DescriptionError(
      'The description has neither OpenAPI version 3 in its field `openapi`, nor 2.0 in `swagger`.',
    );
  }
  if (!isJsonObject(root.paths)) throw new DescriptionError('The OpenAPI description has no `paths`.');
  return swagger;
}
