export { createCheckTools } from './check-tools.js';
export { createBuildDestinationRequest } from './destination-request.js';
export { checkProviders } from './providers/check-provider.js';
export { configuredProviders } from './providers/endpoint.js';
export { createRunAgent } from './run-agent.js';
export type { ProviderSettings } from './settings.js';
export { TOOL_KINDS } from './tools/kinds.js';
