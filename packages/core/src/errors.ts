import { type CodeWithDetail, detailOf, type ErrorCode, type ProblemIssue } from '@agenthook/contracts';

interface ErrorExtra {
  issues?: ProblemIssue[];
  issuesTotal?: number;
  retryAfterSeconds?: number;
}

/**
 * An expected error with a stable code. Without a message, it uses the code's default detail. The api maps
 * codes to HTTP; core knows no status numbers.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: ProblemIssue[] | undefined;
  /** The total number of issues, if `issues` contains only the first ones. */
  readonly issuesTotal: number | undefined;
  /** When a retry makes sense, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: CodeWithDetail, message?: undefined, extra?: ErrorExtra);
  constructor(code: ErrorCode, message: string, extra?: ErrorExtra);
  constructor(code: ErrorCode, message?: string, extra: ErrorExtra = {}) {
    super(message ?? detailOf(code as CodeWithDetail));
    this.name = 'AppError';
    this.code = code;
    this.issues = extra.issues;
    this.issuesTotal = extra.issuesTotal;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** Thrown by every verb that needs a callback. */
export const noCallback = (): AppError => new AppError('no_callback');

/** Thrown by every verb that takes an agent id. */
export const unknownAgent = (id: string): AppError =>
  new AppError('unknown_agent', `There is no agent ${id}.`);

/** Thrown by every verb that takes a version which does not exist or was dropped. */
export const unknownVersion = (id: string, version: number): AppError =>
  new AppError('unknown_version', `The agent ${id} has no version ${version}, or it is kept no longer.`);

/** Thrown by every list for a cursor that is not one of its own. */
export const badCursor = (): AppError =>
  new AppError('invalid_request', 'cursor must be the next_cursor of an earlier answer, unchanged.', {
    issues: [{ path: '/cursor', message: 'must be the next_cursor of an earlier answer, unchanged' }],
  });
