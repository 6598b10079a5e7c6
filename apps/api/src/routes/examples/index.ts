export * from './agents.js';
export * from './tasks.js';
