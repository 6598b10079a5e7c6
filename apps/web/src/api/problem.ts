import type { Schema } from './client.js';

/** The body of every error answer of the api (RFC 9457). */
export type Problem = Schema<'Problem'>;

export const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'code' in error && 'status' in error && 'detail' in error;

/** Whether the api or its Redis was unreachable. A retry may help, and the caller is not at fault. */
export const isUnreachable = (error: unknown): boolean =>
  isProblem(error) ? error.status === 503 : error instanceof TypeError;

/** Describes any error: what happened and, if the api says so, what to do about it. */
export function explain(error: unknown): { title: string; detail: string } {
  if (isProblem(error)) return { title: error.title, detail: error.detail };
  if (isUnreachable(error)) {
    return {
      title: 'AgentHook does not answer',
      detail: 'The network or the api process is down. Running tasks are not affected.',
    };
  }
  return {
    title: 'Something went wrong on this page',
    detail:
      error instanceof Error ? error.message : 'Reload the page. If the error stays, check the api’s log.',
  };
}
