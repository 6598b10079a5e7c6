import { type Static, Type } from '@sinclair/typebox';
import { Line } from '../text.js';
import { Headers, HttpUrl, toolSchema } from './common.js';

export const McpTool = toolSchema('mcp', 'MCP server', 'Uses the tools of a remote MCP server.', {
  url: HttpUrl('The address of the MCP endpoint.'),
  transport: Type.Optional(
    Type.Union([Type.Literal('http'), Type.Literal('sse')], {
      default: 'http',
      description:
        '`http` is Streamable HTTP; `sse` the older transport. Programs (stdio) are never started.',
    }),
  ),
  headers: Type.Optional(Headers('Sent with each request. LiquidJS template over `secrets`.')),
  pin: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        'Whether names, descriptions and schemas of its tools are pinned by the first run. A tool that changed or is new ' +
        'is not offered until it is accepted.',
    }),
  ),
  allowed_tools: Type.Optional(
    Type.Array(Line({ minLength: 1, maxLength: 200 }), {
      maxItems: 100,
      description: 'Which of its tools the model may call; left out: all.',
    }),
  ),
});
export type McpTool = Static<typeof McpTool>;
