export { type AgentBody, type Answer, type ApiClient, apiClient, type TaskBody } from './api-client.js';
export { makeCertificate } from './certificate.js';
export { childrenOf } from './child-processes.js';
export { emptyRedis } from './empty-redis.js';
export { type EventReader, type ReceivedEvent, readEvents } from './event-reader.js';
export { type FreshRedis, freshRedis } from './fresh-redis.js';
export { HANGABLE, hang } from './hang.js';
export { inShell, isAlive, type Launcher, startLauncher } from './launcher.js';
export { type LossyLink, startLossyLink } from './lossy-link.js';
export { type MailServer, type ReceivedMail, startMailServer } from './mail-server.js';
export { type Exit, type ManagedProcess, startProcess } from './managed-process.js';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.js';
export { HOSTILE_PDFS, makePdf } from './pdf.js';
export { freePort } from './ports.js';
export { postOf } from './post-of.js';
export {
  hasPostgres,
  type PostgresServer,
  type PostgresServerOptions,
  startPostgres,
  withPostgres,
} from './postgres-server.js';
export { makeSetClock, type SetClock, withSetClock } from './redis-clock.js';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.js';
export { countTasks, redisText } from './redis-text.js';
export { type RawAnswer, sendRaw } from './send-raw.js';
export { sharedStack } from './shared-stack.js';
export { clockFromFile, shiftedClock } from './shifted-clock.js';
export { type ApiProcess, bundled, type Stack, type StackOptions, startStack } from './stack.js';
export { avoidMidnight, until } from './wait.js';
