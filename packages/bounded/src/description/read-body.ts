import { isJsonObject } from '@agenthook/json';
import { cut, DescriptionError, type Fields, listOf } from './fields.js';
import { type Body, isJson, isMultipart, isUrlEncoded } from './operation.js';

const isPlainJson = (type: string) => /^application\/json\b(?!-)/i.test(type);
/** RFC 7396: the body has the form of what it changes. */
const isMergePatch = (type: string) => /merge-patch\+json/i.test(type);
/** RFC 6902: the body is a list of operations, whatever its schema says. */
const isJsonPatch = (type: string) => /^application\/json-patch\+json/i.test(type);
const isText = (type: string) =>
  /^(text\/|application\/(xml|[\w.-]+\+xml|octet-stream|yaml|x-ndjson)\b)/i.test(type);
/** The body types that can be sent, the ones that are easiest for a model first. */
const SENDABLE = [
  ...[isPlainJson, isMergePatch, (type: string) => isJson(type) && !isJsonPatch(type), isJsonPatch],
  ...[isUrlEncoded, isMultipart, isText],
];

/** The body type that is sent: JSON, a form, a form with files, or text. */
export function readBody(request: Fields, id: string): (Body & { schema: unknown }) | undefined {
  const content = isJsonObject(request.content) ? request.content : {};
  const types = Object.keys(content);
  if (types.length === 0) return undefined;
  const contentType = SENDABLE.map((is) => types.find(is)).find(Boolean);
  if (contentType === undefined) {
    if (request.required !== true) return undefined;
    throw new DescriptionError(
      `The operation "${id}" accepts a body of type ${cut(types.join(', '), 200)}, which is not supported.`,
    );
  }
  const { schema, encoding } = isJsonObject(content[contentType]) ? content[contentType] : {};
  const isPlainText = isText(contentType) && !isJson(contentType);
  return {
    contentType,
    schema: isPlainText ? { type: 'string', description: `The body as ${contentType}.` } : schema,
    encoding: isJsonObject(encoding) ? readEncoding(encoding) : {},
  };
}

function readEncoding(encoding: Fields): Body['encoding'] {
  return Object.fromEntries(
    Object.entries(encoding).flatMap(([name, value]): [string, Body['encoding'][string]][] => {
      if (!isJsonObject(value)) return [];
      const { style, explode, contentType } = value;
      return [
        [
          name,
          {
            ...(typeof style === 'string' && { style, explode: explode !== false }),
            ...(style === undefined && typeof explode === 'boolean' && { explode }),
            ...(typeof contentType === 'string' && { contentType: contentType.split(',')[0]?.trim() ?? '' }),
          },
        ],
      ];
    }),
  );
}

/** How the model gives a file. */
const FILE = {
  type: 'object',
  properties: {
    filename: { type: 'string' },
    content: { type: 'string', description: 'The content as text.' },
    base64: { type: 'boolean', description: 'Whether the content is base64.' },
  },
  required: ['content'],
};

/** A field and its alternatives: FastAPI writes an optional file as one of a file and null. */
const alternativesOf = (field: Fields): Fields[] => [
  field,
  ...['anyOf', 'oneOf', 'allOf'].flatMap((key) => listOf(field[key]).filter(isJsonObject)),
];

const isFile = (field: unknown): boolean =>
  isJsonObject(field) &&
  alternativesOf(field).some(
    ({ format, items }) => format === 'binary' || format === 'byte' || isFile(items),
  );

/** The schema of a form with files, in which a model can write each file. Marks them in `encoding`. */
export function withFiles(schema: Fields, body: Body): Fields {
  const properties = Object.entries(isJsonObject(schema.properties) ? schema.properties : {});
  const files = properties.filter(([, field]) => isFile(field));
  const asFile = (field: Fields): Fields => ({
    ...(field.description !== undefined && { description: field.description }),
    ...(alternativesOf(field).some(({ items }) => isFile(items))
      ? { type: 'array', items: asFile({}) }
      : { anyOf: [{ type: 'string', description: 'The content as text.' }, FILE] }),
  });
  for (const [name] of files) body.encoding[name] = { ...body.encoding[name], isFile: true };
  const written = Object.fromEntries(files.map(([name, field]) => [name, asFile(field as Fields)]));
  return {
    ...schema,
    ...(properties.length > 0 && { properties: { ...(schema.properties as Fields), ...written } }),
    ...(Array.isArray(schema.allOf) && {
      allOf: schema.allOf.map((part) => withFiles(part as Fields, body)),
    }),
  };
}
