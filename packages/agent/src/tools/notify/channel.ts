import type { ToolConfigOf } from '@agenthook/contracts';

/** The message to send. */
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

/** A service that delivers messages to people. */
export interface Channel {
  /** The name for people. */
  title: string;
  /**
   * Returns the function that builds the request for a message, cut to the service's limits. Throws ToolError
   * with what to configure.
   */
  open(
    config: ToolConfigOf<'notify'>,
    secrets: Record<string, string>,
  ): (notification: Notification) => ChannelRequest;
  /** What to check if the service answers 401, 403 or 404. */
  refusedHint: string;
}
