import type { Tool } from '../draft/draft.js';

/** What distinguishes a tool from others of its type. */
export function summaryOf(tool: Tool): string {
  switch (tool.type) {
    case 'http':
      return `${tool.method ?? 'GET'} ${tool.url.replace(/^https?:\/\//, '')}`;
    case 'mcp':
      return tool.url;
    case 'openapi':
      return tool.operations.join(', ');
    case 'web_search':
      return tool.engine;
    case 'notify':
      return tool.channel;
    case 'agent':
      return tool.agent_id;
    default:
      return tool.description ?? '';
  }
}
