export * from './harness/index.js';
export * from './model-servers/index.js';
