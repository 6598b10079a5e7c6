import type { ScriptedToolCall } from '../index.js';
import type { HttpServer } from '../tool-servers/http-server.js';

type Case = [name: string, make: () => { tool: object; call: ScriptedToolCall }];

/**
 * A tool of each kind whose requests `own` redirects to a foreign server, and a call of it. Its secret is
 * `secret`; the call carries `text`.
 */
export function redirectedTools(own: () => HttpServer, secret: string, text: string): Case[] {
  const secrets = { KEY: secret };
  const byStatus = [301, 302, 303, 307, 308].map(
    (status): Case => [
      `with ${status}`,
      () => ({
        tool: {
          type: 'http',
          name: 'call',
          method: 'POST',
          url: `${own().url}/a?status=${status}&to=foreign`,
          headers: { 'X-Api-Key': '{{ secrets.KEY }}' },
          body: `{"key": "{{ secrets.KEY }}", "text": "{{ args.text }}"}`,
          secrets,
        },
        call: { name: 'call', arguments: { text } },
      }),
    ],
  );
  const others: Case[] = [
    [
      'of a tool without secrets',
      () => ({
        tool: {
          type: 'http',
          name: 'call',
          method: 'POST',
          url: `${own().url}/a?status=307&to=foreign`,
          headers: { 'X-Api-Key': secret, Cookie: secret },
        },
        call: { name: 'call', arguments: { text } },
      }),
    ],
    [
      'of a message to people',
      () => ({
        tool: {
          type: 'notify',
          name: 'call',
          channel: 'slack',
          secrets: { url: `${own().url}/a?status=307&to=foreign&key=${secret}` },
        },
        call: { name: 'call', arguments: { text, message: text } },
      }),
    ],
    [
      'of a search',
      () => ({
        tool: {
          type: 'web_search',
          name: 'call',
          engine: 'tavily',
          base_url: `${own().url}/a?status=307&to=foreign`,
          secrets: { api_key: secret },
        },
        call: { name: 'call', arguments: { query: text } },
      }),
    ],
    [
      'of an MCP server',
      () => ({
        tool: {
          type: 'mcp',
          name: 'call',
          url: `${own().url}/a?status=307&to=foreign`,
          headers: { 'X-Api-Key': '{{ secrets.KEY }}' },
          secrets,
        },
        call: { name: 'call_x', arguments: { text } },
      }),
    ],
  ];
  return [...byStatus, ...others];
}
