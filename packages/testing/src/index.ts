export * from './model-servers/index.js';
