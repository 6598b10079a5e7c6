import { isJsonObject } from '@agenthook/json';
import { type Fields, listOf } from './fields.js';
import type { Found } from './library.js';

/** What a parameter of Swagger 2.0 says about itself, where OpenAPI 3 has a schema. */
const NOT_SCHEMA = new Set(['name', 'in', 'required', 'description', 'collectionFormat', 'allowEmptyValue']);

/** https://swagger.io/specification/v2/#parameter-object, `collectionFormat`. */
const STYLES: Record<string, { style: string; explode: boolean }> = {
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

/**
 * The parameters and the body of a Swagger 2.0 operation in the form of OpenAPI 3.
 *
 * @param consumes the media types of bodies, those of the operation or else of the description
 */
export function fromSwagger(
  parameters: readonly Found[],
  consumes: readonly unknown[],
): { parameters: Found[]; body: Found | undefined } {
  const types = consumes.filter((type): type is string => typeof type === 'string');
  const place = ({ value }: Found) => (value as Fields).in;
  const body = parameters.find((found) => place(found) === 'body');
  const fields = parameters.filter((found) => place(found) === 'formData');
  return {
    parameters: parameters
      .filter((found) => place(found) !== 'body' && place(found) !== 'formData')
      .map(({ value, at }) => ({ value: { ...asOpenApi(value as Fields) }, at })),
    body: body ? bodyOf(body, types) : fields.length > 0 ? formOf(fields, types) : undefined,
  };
}

function asOpenApi(parameter: Fields): Fields {
  const { name, in: place, required, description, collectionFormat } = parameter;
  const style = STYLES[String(collectionFormat)] ?? { explode: false };
  return { name, in: place, required, description, schema: schemaOf(parameter), ...style };
}

const schemaOf = (parameter: Fields): Fields => {
  const schema = Object.fromEntries(Object.entries(parameter).filter(([key]) => !NOT_SCHEMA.has(key)));
  return schema.type === 'file' ? { ...schema, type: 'string', format: 'binary' } : schema;
};

function bodyOf({ value, at }: Found, types: readonly string[]): Found {
  const { schema, required, description } = value as Fields;
  const content = Object.fromEntries(
    (types.length > 0 ? types : ['application/json']).map((type) => [type, { schema }]),
  );
  return { value: { content, required, description }, at };
}

function formOf(fields: readonly Found[], types: readonly string[]): Found | undefined {
  const own = fields.map(({ value }) => value as Fields).filter(({ name }) => typeof name === 'string');
  const hasFile = own.some(({ type }) => type === 'file');
  const type = hasFile
    ? 'multipart/form-data'
    : (types.find((each) => /form/.test(each)) ?? 'application/x-www-form-urlencoded');
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      own.map((field) => [field.name, { ...schemaOf(field), description: field.description }]),
    ),
    required: own.filter(({ required }) => required === true).map(({ name }) => name),
  };
  const encoding = Object.fromEntries(
    own
      .filter(({ type: each }) => each === 'array')
      .map((field) => [
        field.name,
        STYLES[String(field.collectionFormat)] ?? { style: 'form', explode: false },
      ]),
  );
  const [first] = fields;
  return first && { value: { content: { [type]: { schema, encoding } }, required: true }, at: first.at };
}

/** The media types that an operation accepts. */
export const consumesOf = (operation: Fields, root: Fields): unknown[] =>
  listOf(isJsonObject(operation) && operation.consumes !== undefined ? operation.consumes : root.consumes);
