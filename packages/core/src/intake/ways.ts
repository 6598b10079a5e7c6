import type { TaskTrigger } from '@agenthook/contracts';

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
} satisfies Record<string, Way | ((id: string) => Way)>;
