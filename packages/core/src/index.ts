export { createApiKey } from './access/create-api-key.js';
export { type Caller, findCaller } from './access/find-caller.js';
export { listApiKeys } from './access/list-api-keys.js';
export { revokeApiKey } from './access/revoke-api-key.js';
export {
  rejectionWithoutContent,
  stateWithoutContent,
  traceWithoutContent,
} from './access/without-content.js';
export { createAgent } from './agents/create-agent.js';
export { addDocument, documentsOf, listDocuments, removeDocument } from './agents/document-store.js';
export { deleteAgent, getAgent, listAgents, listVersions } from './agents/get-agent.js';
export { memoryOf } from './agents/memory-store.js';
export { patchAgent, replaceAgent } from './agents/update-agent.js';
export { createVersionCache } from './agents/version-cache.js';
export { ApiEnvironment, WorkerEnvironment } from './config/environment.js';
export { EnvironmentError, loadEnvironment } from './config/load-environment.js';
export type { Context } from './context.js';
export { AppError } from './errors.js';
export { createLogger, withoutTokens } from './log.js';
export { openContext } from './open-context.js';
export { sweepFinished } from './queue/sweep.js';
export { workerOptions } from './queue/worker-options.js';
export { checkRedis } from './redis/check.js';
export { TASK_QUEUE } from './redis/keys.js';
export { isRedisUnavailable } from './redis/unavailable.js';
export { acceptRejection } from './rejections/accept-rejection.js';
export { clearRejections, listRejections } from './rejections/list-rejections.js';
export { noteUnreadRejection } from './rejections/note-rejection.js';
export { countRejected } from './stats/count-rejected.js';
export { agentsWithTasks, queueDepth, readTotals } from './stats/queue-depth.js';
export { readStats } from './stats/read-stats.js';
export { awaitTask } from './tasks/await-task.js';
export { cancelTask } from './tasks/cancel.js';
export { watchCancelled } from './tasks/cancel-mark.js';
export type { EndedTask } from './tasks/ended.js';
export { listTasks, type TaskFilter } from './tasks/list-tasks.js';
export { createProviderGates } from './tasks/park.js';
export { replayTask } from './tasks/replay.js';
export { runTask, STOP_REASONS } from './tasks/run.js';
export { type EndHandler, startSettling } from './tasks/settle.js';
export { taskStatus, unknownTask } from './tasks/status.js';
export { sweepIndex } from './tasks/sweep-index.js';
export type { TaskData } from './tasks/task-data.js';
export { type Trace, taskTrace } from './tasks/trace.js';
export { type TriggerOutcome, trigger } from './tasks/trigger.js';
export { createWaiters } from './tasks/waiters.js';
export { mintWebhook, revokeWebhook } from './webhooks/mint-webhook.js';
export { liveWorkers, startHeartbeat, type WorkerInfo } from './workers/heartbeat.js';
