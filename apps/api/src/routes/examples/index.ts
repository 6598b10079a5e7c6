export * from './agents.js';
export * from './bulk.js';
export * from './conversations.js';
export * from './tasks.js';
