import { type Static, Type } from '@sinclair/typebox';
import { Line } from '../text.js';
import { Headers, HttpUrl, toolSchema } from './common.js';

export const OpenApiTool = toolSchema(
  'openapi',
  'OpenAPI operations',
  'Calls operations of an API that has an OpenAPI description: give its URL, or paste it.',
  {
    spec_url: Type.Optional(HttpUrl('Where the OpenAPI 3 description is.')),
    spec: Type.Optional(
      Type.String({ maxLength: 1_000_000, description: 'The description itself, JSON or YAML.' }),
    ),
    server_url: Type.Optional(HttpUrl('Instead of the first server that the description names.')),
    operations: Type.Array(Line({ minLength: 1, maxLength: 300 }), {
      minItems: 1,
      maxItems: 50,
      description: 'Which operations the model may call: operation ids, or `METHOD /path`.',
    }),
    headers: Type.Optional(Headers('Sent with each call. LiquidJS template over `secrets`.')),
  },
);
export type OpenApiTool = Static<typeof OpenApiTool>;
