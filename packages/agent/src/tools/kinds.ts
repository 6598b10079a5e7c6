import { agentTool } from './agent.js';
import { askHumanTool, waitCallbackTool } from './ask.js';
import { documentsTool } from './documents.js';
import { httpTool } from './http.js';
import type { ToolKinds } from './index.js';
import { mcpTool } from './mcp.js';
import { memoryTool } from './memory.js';
import { notifyTool } from './notify.js';
import { openApiTool } from './openapi.js';
import { postgresTool } from './postgres.js';
import { webPageTool } from './web-page.js';
import { webSearchTool } from './web-search.js';

/** Every type of tool that a worker can open. */
export const TOOL_KINDS: Required<ToolKinds> = {
  http: httpTool,
  openapi: openApiTool,
  mcp: mcpTool,
  web_page: webPageTool,
  web_search: webSearchTool,
  postgres: postgresTool,
  memory: memoryTool,
  documents: documentsTool,
  notify: notifyTool,
  ask_human: askHumanTool,
  wait_callback: waitCallbackTool,
  agent: agentTool,
};
