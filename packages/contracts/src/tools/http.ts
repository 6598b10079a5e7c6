import { type Static, Type } from '@sinclair/typebox';
import { Headers, JsonSchema, OAuth, toolSchema } from './common.js';

const TEMPLATE = 'LiquidJS template over `args`, `payload` and `secrets`.';

export const HttpTool = toolSchema(
  'http',
  'HTTP request',
  'Calls one HTTP endpoint that you describe.',
  'Default: true for GET and HEAD, false for other methods.',
  {
    method: Type.Optional(
      Type.Union(
        (['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const).map((method) => Type.Literal(method)),
        { default: 'GET' },
      ),
    ),
    url: Type.String({ minLength: 1, maxLength: 4_000, description: TEMPLATE }),
    oauth: Type.Optional(OAuth),
    headers: Type.Optional(Headers(TEMPLATE)),
    query: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 4_000 }), {
        maxProperties: 100,
        propertyNames: { maxLength: 200 },
        description: TEMPLATE,
      }),
    ),
    body: Type.Optional(
      Type.String({
        maxLength: 100_000,
        description:
          `${TEMPLATE} Sent as JSON unless the headers say otherwise. Default: POST, PUT and PATCH send ` +
          'args as JSON.',
      }),
    ),
    parameters: Type.Optional(JsonSchema('JSON Schema of the arguments that the model fills.')),
  },
);
export type HttpTool = Static<typeof HttpTool>;
