import type { ToolConfigOf } from '@agenthook/contracts';

/** What is to be told. */
interface Notification {
  message: string;
  title: string | undefined;
}

interface ChannelRequest {
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: Record<string, unknown>;
}

/** A service that brings messages to people. */
export interface Channel {
  /** For people. */
  title: string;
  /**
   * Makes the function that writes the request for a notification, cut to what the service takes.
   * Throws ToolError that says what is to be set.
   */
  open(
    config: ToolConfigOf<'notify'>,
    secrets: Record<string, string>,
  ): (notification: Notification) => ChannelRequest;
  /** What to check when the service says 401, 403 or 404. */
  refusedHint: string;
}
