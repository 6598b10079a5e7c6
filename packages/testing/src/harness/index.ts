export { type AgentBody, type Answer, type ApiClient, apiClient, type TaskBody } from './api-client.js';
export { type FreshRedis, freshRedis } from './fresh-redis.js';
export { inShell, isAlive, type Launcher, startLauncher } from './launcher.js';
export { type Exit, type ManagedProcess, startProcess } from './managed-process.js';
export { freePort } from './ports.js';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.js';
export { countTasks, redisText } from './redis-text.js';
export { type ApiProcess, type Stack, type StackOptions, startStack } from './stack.js';
export { until } from './wait.js';
