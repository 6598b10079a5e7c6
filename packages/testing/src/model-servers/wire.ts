import type { Answer } from './script.js';

/** What the caller asked for, from a request's body. */
interface Asked {
  /** The text of the last user message. */
  user: string;
  /** The text of all messages. */
  all: string;
  model: string;
  stream: boolean;
}

/** How one API represents model answers. */
export interface Wire {
  // biome-ignore lint/suspicious/noExplicitAny: each API reads its own body.
  read(body: any): Asked;
  json(answer: Answer): unknown;
  /** The answer as server-sent events, each with `data`, and an `event` if the API names them. */
  events(answer: Answer, body: unknown): { event?: string; data: unknown }[];
  /** An error in the API's own shape. */
  error(status: number, message: string): unknown;
}
