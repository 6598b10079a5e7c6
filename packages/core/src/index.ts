export { ADMIN_CALLER } from './access/admin-caller.js';
export { createApiKey } from './access/create-api-key.js';
export { endSession, revokeSession } from './access/end-session.js';
export { type Caller, findCaller } from './access/find-caller.js';
export { findSession } from './access/find-session.js';
export { listApiKeys } from './access/list-api-keys.js';
export { listSessions } from './access/list-sessions.js';
export { revokeApiKey } from './access/revoke-api-key.js';
export { createSignInLink, useSignInLink } from './access/sign-in-link.js';
export { startSession } from './access/start-session.js';
export {
  conversationDetailWithoutContent,
  conversationWithoutContent,
  filteredWithoutContent,
  pendingWithoutContent,
  rejectionWithoutContent,
  stateWithoutContent,
  summaryWithoutContent,
  traceWithoutContent,
} from './access/without-content.js';
export { createCallbackOf, enableCallback } from './agents/agent-callback.js';
export { agentWarnings } from './agents/checks/agent-warnings.js';
export { checkTool } from './agents/checks/check-tool.js';
export { serveToolChecks } from './agents/checks/serve-tool-checks.js';
export { createAgent } from './agents/create-agent.js';
export { addDocument, listDocuments, removeDocument } from './agents/documents/document-store.js';
export { documentsOf } from './agents/documents/documents-of.js';
export { pauses } from './agents/documents/pauses.js';
export { createPdfReader, type PdfLimits, type PdfOutcome } from './agents/documents/pdf-text.js';
export { getAgent } from './agents/get-agent.js';
export { getVersion } from './agents/get-version.js';
export { listAgents } from './agents/list-agents.js';
export { listVersions } from './agents/list-versions.js';
export { acceptMcpTools, listMcpTools } from './agents/mcp-tools.js';
export { memoryOf } from './agents/memory-store.js';
export { mintWebhook } from './agents/mint-webhook.js';
export { grantsOf } from './agents/oauth-grants.js';
export { previewPrompt } from './agents/preview-prompt.js';
export { endPreviousWebhook, revokeWebhook } from './agents/revoke-webhook.js';
export { rotateCallback } from './agents/rotate-callback.js';
export { signingOfAgent } from './agents/signing-of-agent.js';
export { patchAgent, replaceAgent } from './agents/update-agent.js';
export { createVersionCache } from './agents/version-cache.js';
export { getAlert, listAlerts } from './alerts/alert-store.js';
export { createOutcomeNotes } from './alerts/note-outcomes.js';
export { changeRule, createRule, deleteRule, getRule, listRules } from './alerts/rule-store.js';
export { alertOutbox, startAlerts } from './alerts/start-alerts.js';
export { checkArchive } from './archiving/check-archive.js';
export { startArchiving } from './archiving/start-archiving.js';
export { atOnce } from './at-once.js';
export { type AuditFilter, readAudit } from './audit/read-audit.js';
export { type AuditedChange, beginAudit, endAudit, type OpenAudit } from './audit/write-audit.js';
export { endRestored } from './backup/end-restored.js';
export { BackupError } from './backup/format.js';
export { restoreBackup } from './backup/restore-backup.js';
export { writeBackup } from './backup/write-backup.js';
export { checkBlobs } from './blobs/check-blobs.js';
export { readBlobStore } from './blobs/read-blob-store.js';
export { sweepBlobs } from './blobs/task-blobs.js';
export { createEndSpending } from './budget/end-spending.js';
export { saveInstallationBudget } from './budget/installation.js';
export { agentBudget, installationBudget, listBudgets } from './budget/read-budgets.js';
export { createStandingOf } from './budget/standing.js';
export type { BulkFilter } from './bulk/bulk-filter.js';
export { createBulk, getBulk, listBulk, stopBulk } from './bulk/bulk-store.js';
export { countBulk } from './bulk/count-bulk.js';
export { startBulk } from './bulk/start-bulk.js';
export {
  changeChannel,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
} from './channels/channel-store.js';
export { archiveSettings } from './config/archive-settings.js';
export { checkEnvironment } from './config/check-environment.js';
export { ApiEnvironment, tracesContent, WorkerEnvironment } from './config/environment.js';
export { EnvironmentError, loadEnvironment } from './config/load-environment.js';
export { readModels } from './config/read-models.js';
export { readProviders } from './config/read-providers.js';
export { readTrustProxy, type TrustProxy } from './config/trust-proxy.js';
export { watchdogMs } from './config/watchdog-ms.js';
export { type Context, forManagement } from './context.js';
export { deliverCallback } from './deliveries/deliver-callback.js';
export { deliveryRequest } from './deliveries/delivery-request.js';
export { enqueueDestinations } from './deliveries/destinations/enqueue-destinations.js';
export { enqueueCallback } from './deliveries/enqueue-callback.js';
export { listDeliveries } from './deliveries/list-deliveries.js';
export { listNotifications, testChannel } from './deliveries/notices/notifications.js';
export { startTelling } from './deliveries/notices/start-telling.js';
export type { DeliverDeps } from './deliveries/plan-delivery.js';
export { resendCallback } from './deliveries/resend.js';
export type { InUse } from './doctor/check-stored.js';
export { aclCommand, diagnose } from './doctor/diagnose.js';
export { type Finding, findingsOf, someOf } from './doctor/finding.js';
export { eraseTask } from './erasing/erase.js';
export { eraseTasks } from './erasing/erase-many.js';
export { eraseNamed } from './erasing/erase-named.js';
export { removeAgent } from './erasing/remove-agent.js';
export { startEmptying, sweepExpiring } from './erasing/retention.js';
export { type SweepPlaces, sweepFinished, sweepIndex } from './erasing/sweep.js';
export { AppError } from './errors.js';
export { acceptRejection } from './intake/accept-rejection.js';
export { answerSender, type SenderReply, type StoredEvent } from './intake/answer-sender.js';
export { readIdempotencyKey } from './intake/idempotency-key.js';
export type { InboundRequest } from './intake/inbound.js';
export {
  clearEvents,
  listAllFiltered,
  listAllRejections,
  listFiltered,
  listRejections,
} from './intake/list-rejections.js';
export { noteUnreadRejection } from './intake/note-rejection.js';
export type { Rate } from './intake/rate.js';
export { resolveWebhook } from './intake/resolve-webhook.js';
export { signFor } from './intake/sign-for.js';
export { testAgent } from './intake/test-agent.js';
export { type TriggerOutcome, type TriggerRequest, trigger } from './intake/trigger.js';
export { tryFilter } from './intake/try-filter.js';
export { cutText, issuePath } from './issue-path.js';
export { createLogger, withoutTokens } from './log.js';
export { openContext } from './open-context.js';
export { listPauses, pause } from './pauses/pause.js';
export { resume, startReleasingHeld } from './pauses/resume.js';
export { deleteConversation } from './queue/delete-conversation.js';
export type { EndedTask } from './queue/ended-task.js';
export type { TaskData } from './queue/job.js';
export { payloadBytes } from './queue/job.js';
export { callbackWorkerOptions, workerOptions } from './queue/worker-options.js';
export { checkRedis, checkStores } from './redis/check.js';
export { checkDisk } from './redis/check-disk.js';
export { connectRedis, type RedisClient } from './redis/connect.js';
export { checkNotEmptied, EMPTIED, isEmptied } from './redis/emptied.js';
export { CALLBACK_QUEUE, TASK_QUEUE } from './redis/keys.js';
export { renewAfterSetBack } from './redis/patches/renew-locks.js';
export { setProcessClock } from './redis/patches/set-process-clock.js';
export { startPulse } from './redis/pulse.js';
export { isRedisUnavailable, refusesUs } from './redis/unavailable.js';
export { whyAway } from './redis/why-away.js';
export { listAllSchedules, listSchedules } from './schedules/list-schedules.js';
export { noteScheduledEnd } from './schedules/note-run-end.js';
export { resumeSchedule } from './schedules/resume-schedule.js';
export { runScheduleNow } from './schedules/run-now.js';
export { startSchedules } from './schedules/start-schedules.js';
export { checkSealing } from './sealing/check-sealing.js';
export { resetSecrets } from './secrets/reset-secrets.js';
export { rotateSecretKey } from './secrets/rotate-secret-key.js';
export { listSenders } from './senders/list-senders.js';
export { withLowerNames } from './senders/request.js';
export type { SenderAnswer } from './senders/scheme.js';
export { checkClocks } from './stats/check-clocks.js';
export { checkLogs } from './stats/check-logs.js';
export { checkRetention } from './stats/check-retention.js';
export { countRefused } from './stats/count-refused.js';
export { liveProcesses, liveWorkers, type ProcessInfo, startHeartbeat } from './stats/heartbeat.js';
export { publicUrlOf } from './stats/public-url.js';
export { busiestAgents, queueDepth } from './stats/queue-depth.js';
export { readStats, readStatsByAgent, readStatsByName } from './stats/read-stats.js';
export { decide, readAsk } from './tasks/asking/decide.js';
export { readToken, tokenOf } from './tasks/asking/links.js';
export { listApprovals } from './tasks/asking/list-approvals.js';
export { runHeldTask } from './tasks/attempt.js';
export { cancelTask } from './tasks/cancel.js';
export { watchCancelled } from './tasks/cancel-mark.js';
export { describeAgent } from './tasks/children/agents-port.js';
export { cancelChildren } from './tasks/children/end-children.js';
export { continueTask } from './tasks/continue.js';
export { getConversation } from './tasks/conversations/get-conversation.js';
export { listConversations } from './tasks/conversations/list-conversations.js';
export { awaitTask } from './tasks/events/await-task.js';
export { BEGINNING, parseCursor } from './tasks/events/event-cursor.js';
export type { Audience, EventPage } from './tasks/events/read-events.js';
export { createTaskEvents } from './tasks/events/task-events.js';
export { createWaiters, type Waiters } from './tasks/events/waiters.js';
export { startReconcilingLeases } from './tasks/leases.js';
export { countTasks } from './tasks/list/count-tasks.js';
export type { TaskFilter } from './tasks/list/fits-filter.js';
export { listTasks, newestTaskMs } from './tasks/list/list-tasks.js';
export { searchWords } from './tasks/list/search-words.js';
export { taskHistogram } from './tasks/list/task-histogram.js';
export { metricsText } from './tasks/metrics/metrics-text.js';
export { createProviderGates } from './tasks/provider-gates.js';
export { readAttachment } from './tasks/read-attachment.js';
export { noteSurvived, startRecovery } from './tasks/recovery.js';
export { startReleasingUnfunded } from './tasks/release-unfunded.js';
export { replayTask } from './tasks/replay.js';
export { type RunDeps, runTask, STOP_REASONS } from './tasks/run.js';
export type { AloneEnd, HeldTask, RunAlone } from './tasks/run-alone.js';
export { type EndHandler, startSettling } from './tasks/settle.js';
export { openShare } from './tasks/share/open-share.js';
export { createShare, listShares, revokeShare } from './tasks/share/shares.js';
export { type Shares, sharedSlots, startShares } from './tasks/shares.js';
export { taskStatus, unknownTask } from './tasks/status.js';
export type { MadeTask } from './tasks/task-again.js';
export { taskTrace } from './tasks/trace.js';
export type { EnterStep } from './watchdog/activity.js';
export { startWatchdog } from './watchdog/start-watchdog.js';
