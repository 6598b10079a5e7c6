import type { ToolConfig } from './index.js';

/** What a tool lacks that its schema alone can not ask for, because it depends on another field. */
export interface ToolLack {
  /** JSON Pointer within the tool. */
  path: string;
  message: string;
}

const secret = (name: string, what: string): ToolLack => ({
  path: `/secrets/${name}`,
  message: `is needed: ${what}`,
});

/** Everything that a tool's configuration lacks to work at all; empty when it is whole. */
export function lacksOf(tool: ToolConfig): ToolLack[] {
  const has = (name: string) => tool.secrets?.[name] !== undefined;
  switch (tool.type) {
    case 'openapi':
      if ((tool.spec === undefined) !== (tool.spec_url === undefined)) return [];
      return [{ path: '/spec_url', message: 'or spec is needed, and not both' }];
    case 'postgres':
      return has('url') ? [] : [secret('url', 'the connection URL, postgresql://…')];
    case 'web_search':
      if (tool.engine === 'searxng') {
        return tool.base_url
          ? []
          : [{ path: '/base_url', message: 'is needed: the address of the SearXNG instance' }];
      }
      return has('api_key') ? [] : [secret('api_key', `the API key of ${tool.engine}`)];
    case 'notify':
      switch (tool.channel) {
        case 'slack':
        case 'discord':
          return has('url') ? [] : [secret('url', `the incoming webhook of ${tool.channel}`)];
        case 'ntfy':
          return tool.topic ? [] : [{ path: '/topic', message: 'is needed for ntfy' }];
        case 'telegram':
          return [
            ...(tool.chat_id ? [] : [{ path: '/chat_id', message: 'is needed for telegram' }]),
            ...(has('token') ? [] : [secret('token', "the bot's token")]),
          ];
      }
      return [];
    case 'http':
    case 'mcp':
    case 'web_page':
    case 'memory':
    case 'documents':
      return [];
  }
}
