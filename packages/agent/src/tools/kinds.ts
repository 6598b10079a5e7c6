import { documentsTool } from './documents.js';
import { httpTool } from './http.js';
import type { ToolKinds } from './index.js';
import { mcpTool } from './mcp.js';
import { memoryTool } from './memory.js';
import { notifyTool } from './notify.js';
import { openApiTool } from './openapi.js';
import { postgresTool } from './postgres.js';
import { webSearchTool } from './web-search.js';

/** Every type of tool that a worker can open. */
export const TOOL_KINDS: ToolKinds = {
  http: httpTool,
  openapi: openApiTool,
  mcp: mcpTool,
  web_search: webSearchTool,
  postgres: postgresTool,
  memory: memoryTool,
  documents: documentsTool,
  notify: notifyTool,
};
