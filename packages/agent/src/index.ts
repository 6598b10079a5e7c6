export { createCheckTools } from './check-tools.js';
export { createRunAgent } from './run-agent.js';
export { configuredProviders, type ProviderSettings } from './settings.js';
export { TOOL_KINDS } from './tools/kinds.js';
