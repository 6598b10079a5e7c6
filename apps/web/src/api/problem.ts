import type { Schema } from './client.js';

/** The body of every refusal of the api (RFC 9457). */
export type Problem = Schema<'Problem'>;

export const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'code' in error && 'status' in error && 'detail' in error;

/** Whether the api, or its Redis, could not be reached: worth trying again, and no fault of the caller's. */
export const isUnreachable = (error: unknown): boolean =>
  isProblem(error) ? error.status === 503 : error instanceof TypeError;

/** Words for any error: what happened, and where the api says so, what to do about it. */
export function explain(error: unknown): { title: string; detail: string } {
  if (isProblem(error)) return { title: error.title, detail: error.detail };
  if (isUnreachable(error)) {
    return {
      title: 'AgentHook does not answer',
      detail: 'The network or the api process is away. Running tasks are not touched by that.',
    };
  }
  return {
    title: 'Something went wrong on this page',
    detail: error instanceof Error ? error.message : 'Reload the page; if it stays, look at the api’s log.',
  };
}
