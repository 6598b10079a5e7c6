import type { AttemptOutcome } from '@agenthook/contracts';
import type { HeldTask } from '@agenthook/core';

/** What a worker says to the process that runs one task alone. */
export type ToAlone = { type: 'run'; task: HeldTask } | { type: 'stop'; reason: unknown };

/** What that process says, each once: that it is about to begin, and how the attempt ended. */
export type FromAlone =
  | { type: 'begins' }
  | { type: 'outcome'; outcome: AttemptOutcome }
  | { type: 'lock_lost' };
