import { type Static, Type } from '@sinclair/typebox';
import { Line } from '../text.js';
import { Headers, HttpUrl, OAuth, Optional, toolSchema } from './common.js';

export const McpTool = toolSchema('mcp', 'MCP server', 'Uses the tools of a remote MCP server.', false, {
  url: HttpUrl('The URL of the MCP endpoint.'),
  transport: Type.Optional(
    Type.Union([Type.Literal('http'), Type.Literal('sse')], {
      default: 'http',
      description:
        '`http` is Streamable HTTP, `sse` the older transport. Local programs (stdio) are not ' +
        'supported.',
    }),
  ),
  oauth: Type.Optional(OAuth),
  headers: Type.Optional(Headers('Sent with each request. LiquidJS template over `secrets`.')),
  pin: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        "Whether the first run pins the names, descriptions and schemas of the server's tools. A new " +
        'or changed tool is not offered until someone accepts it.',
    }),
  ),
  optional: Optional,
  allowed_tools: Type.Optional(
    Type.Array(Line({ minLength: 1, maxLength: 200 }), {
      maxItems: 100,
      description: 'The tools that the model may call. Default: all.',
    }),
  ),
});
export type McpTool = Static<typeof McpTool>;
