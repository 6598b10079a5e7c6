import { type Static, Type } from '@sinclair/typebox';
import { AgentTool } from './agent.js';
import { AskHumanTool, WaitCallbackTool } from './ask.js';
import { DocumentsTool, MemoryTool, PostgresTool } from './data.js';
import { HttpTool } from './http.js';
import { McpTool } from './mcp.js';
import { NotifyTool } from './notify.js';
import { OpenApiTool } from './openapi.js';
import { WebPageTool, WebSearchTool } from './web.js';

export { AGENT_CALL_SECONDS, MAX_AGENT_DEPTH } from './agent.js';
export { LONGEST_ASK_SCHEMA } from './ask.js';
export {
  CALL_TIMEOUT_SECONDS,
  MAX_MODEL_TOOLS,
  MAX_RESULT_CHARACTERS,
  MAX_TOOL_NAME,
  OAuth,
  ToolSecrets,
} from './common.js';
export type {
  AgentTool,
  AskHumanTool,
  DocumentsTool,
  HttpTool,
  McpTool,
  MemoryTool,
  NotifyTool,
  OpenApiTool,
  PostgresTool,
  WaitCallbackTool,
  WebPageTool,
  WebSearchTool,
};

/** Every tool type with its schema. A tool that is not listed here does not exist. */
export const TOOL_SCHEMAS = {
  http: HttpTool,
  openapi: OpenApiTool,
  mcp: McpTool,
  web_page: WebPageTool,
  web_search: WebSearchTool,
  postgres: PostgresTool,
  memory: MemoryTool,
  documents: DocumentsTool,
  notify: NotifyTool,
  ask_human: AskHumanTool,
  wait_callback: WaitCallbackTool,
  agent: AgentTool,
} as const;
export type ToolType = keyof typeof TOOL_SCHEMAS;
export type ToolConfigOf<T extends ToolType> = Static<(typeof TOOL_SCHEMAS)[T]>;

/** One tool of an agent. `type` selects the schema, so that an error can name the field. */
export type ToolConfig = { [T in ToolType]: ToolConfigOf<T> }[ToolType];
export const ToolConfig = Type.Unsafe<ToolConfig>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: Object.values(TOOL_SCHEMAS),
});
