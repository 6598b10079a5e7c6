import type { TaskTrigger } from '@agenthook/contracts';
import type { Idempotency } from '../queue/add-tasks.js';

/** How a request reached the agent, and which rules apply. */
export interface Way {
  trigger: Exclude<TaskTrigger, 'replay'>;
  /** Whether the request must be signed, if the agent has a signature. */
  verifies: boolean;
  /** Whether the agent's filter applies. If not, every event runs. */
  screens: boolean;
  /**
   * Whether to answer handshakes and return the first task for a retry. If not, each request creates a task.
   */
  heedsSender: boolean;
  /** The idempotency key of a request without one. It contains a space, so no sender can have sent it. */
  ownKey?: string;
  /** The schedule that made the event. */
  scheduled?: Scheduled;
  /** Lets a call that a person repeats find the task of the first one. */
  once?: Idempotency | undefined;
}

/** What a task knows of the schedule that made it. */
export interface Scheduled {
  id: string;
  /** When the run was due, in ms. */
  dueMs: number;
  /** The id of its task, so that a second event for the same due time gets the first one's task. */
  taskId?: string;
}

export const WAYS = {
  webhook: { trigger: 'webhook', verifies: true, screens: true, heedsSender: true },
  /** A test that acts as a sender. */
  playedTest: { trigger: 'test', verifies: true, screens: true, heedsSender: true },
  /** A test that always runs its payload. */
  directTest: { trigger: 'test', verifies: false, screens: false, heedsSender: false },
  /** The owner runs a rejection or a filtered event after all. */
  rejection: (id: string): Way => ({
    trigger: 'rejection',
    verifies: false,
    screens: false,
    heedsSender: true,
    ownKey: `rejection ${id}`,
  }),
  /** The agent runs by itself. */
  schedule: (scheduled: Scheduled, once?: Idempotency): Way => ({
    trigger: 'schedule',
    verifies: false,
    screens: true,
    heedsSender: false,
    scheduled,
    once,
  }),
} satisfies Record<string, Way | ((...of: never[]) => Way)>;
