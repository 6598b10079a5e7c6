export { createRunAgent } from './run-agent.js';
export { configuredProviders, type ProviderSettings } from './settings.js';
