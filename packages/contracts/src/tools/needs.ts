import type { OAuth } from './common.js';
import type { ToolConfig } from './index.js';

/** A missing field that the schema alone cannot require, because it depends on another field. */
export interface ToolLack {
  /** JSON Pointer within the tool. */
  path: string;
  message: string;
}

/** How many functions a tool offers at least, as far as its configuration says. */
export function leastFunctionsOf(tool: ToolConfig): number {
  switch (tool.type) {
    case 'openapi':
      return new Set(tool.operations).size;
    case 'mcp':
      return tool.allowed_tools === undefined ? 1 : new Set(tool.allowed_tools).size;
    case 'memory':
      return 3;
    case 'documents':
      return 2;
    default:
      return 1;
  }
}

const secret = (name: string, what: string): ToolLack => ({
  path: `/secrets/${name}`,
  message: `is required: ${what}`,
});

/** The fields that a tool's configuration still lacks; empty if it is complete. */
export function lacksOf(tool: ToolConfig): ToolLack[] {
  const has = (name: string) => tool.secrets?.[name] !== undefined;
  const ofGrant = (oauth: OAuth | undefined): ToolLack[] => {
    if (oauth?.grant === 'refresh_token')
      return has('refresh_token') ? [] : [secret('refresh_token', 'the OAuth refresh token')];
    return oauth === undefined || has('client_secret')
      ? []
      : [secret('client_secret', 'the secret of the OAuth client')];
  };
  switch (tool.type) {
    case 'openapi':
      if ((tool.spec === undefined) !== (tool.spec_url === undefined)) return ofGrant(tool.oauth);
      return [{ path: '/spec_url', message: 'or spec is required, but not both' }];
    case 'postgres':
      return has('url') ? [] : [secret('url', 'the connection URL, postgresql://…')];
    case 'web_search':
      if (tool.engine === 'searxng') {
        return tool.base_url
          ? []
          : [{ path: '/base_url', message: 'is required: the URL of the SearXNG instance' }];
      }
      return has('api_key') ? [] : [secret('api_key', `the API key of ${tool.engine}`)];
    case 'notify':
      switch (tool.channel) {
        case 'slack':
        case 'discord':
          return has('url') ? [] : [secret('url', `the incoming webhook of ${tool.channel}`)];
        case 'ntfy':
          return tool.topic ? [] : [{ path: '/topic', message: 'is required for ntfy' }];
        case 'telegram':
          return [
            ...(tool.chat_id ? [] : [{ path: '/chat_id', message: 'is required for telegram' }]),
            ...(has('token') ? [] : [secret('token', "the bot's token")]),
          ];
      }
      return [];
    case 'http':
    case 'mcp':
      return ofGrant(tool.oauth);
    case 'web_page':
    case 'memory':
    case 'documents':
    case 'ask_human':
    case 'wait_callback':
    case 'agent':
      return [];
  }
}
