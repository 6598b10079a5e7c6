import { type Static, Type } from '@sinclair/typebox';
import { Line } from '../text.js';
import { Headers, HttpUrl, OAuth, Optional, toolSchema } from './common.js';

export const OpenApiTool = toolSchema(
  'openapi',
  'OpenAPI operations',
  'Calls operations of an API that has an OpenAPI or Swagger 2.0 description. Give its URL, or paste it.',
  'Default: true for GET, HEAD and OPTIONS, false for other methods.',
  {
    spec_url: Type.Optional(HttpUrl('The URL of the OpenAPI 3 or Swagger 2.0 description.')),
    spec: Type.Optional(
      Type.String({ maxLength: 1_000_000, description: 'The description itself, as JSON or YAML.' }),
    ),
    server_url: Type.Optional(HttpUrl('Replaces the first server in the description.')),
    optional: Optional,
    operations: Type.Array(Line({ minLength: 1, maxLength: 300 }), {
      minItems: 1,
      maxItems: 50,
      description:
        'The operations that the model may call: operation ids, `METHOD /path`, or `tag:NAME` for all with a tag.',
    }),
    oauth: Type.Optional(OAuth),
    headers: Type.Optional(Headers('Sent with each call. LiquidJS template over `secrets`.')),
    query: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,200}$' }), Type.String({ maxLength: 4_000 }), {
        maxProperties: 20,
        additionalProperties: false,
        description:
          'Query parameters of each call, for API keys. The model cannot set them. LiquidJS template over ' +
          '`secrets`.',
      }),
    ),
  },
);
export type OpenApiTool = Static<typeof OpenApiTool>;
