export { startAnthropicServer } from './anthropic-server.js';
export { startOpenAiServer } from './openai-server.js';
export type { ReceivedRequest, Script, ScriptedToolCall } from './script.js';
export type { ModelServer, ServerOptions } from './scripted-server.js';
