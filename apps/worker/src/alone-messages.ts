import type { HeldTask } from '@agenthook/core';

/** The messages from a worker to the process that runs one task alone. */
export type ToAlone = { type: 'run'; task: HeldTask } | { type: 'stop'; reason: unknown };

/**
 * The messages from that process, each sent once: it is about to begin, and how the attempt ended. The
 * AttemptOutcome is JSON text, because Node rounds long numbers when it reads messages.
 */
export type FromAlone = { type: 'begins' } | { type: 'outcome'; json: string } | { type: 'lock_lost' };
