export * from './agent.js';
export * from './models.js';
export * from './problem.js';
export * from './run.js';
export * from './sandbox.js';
export * from './task.js';
export * from './webhook.js';
