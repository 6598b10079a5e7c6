import { type CodeWithDetail, detailOf, type ErrorCode, type ProblemIssue } from '@agenthook/contracts';

interface ErrorExtra {
  issues?: ProblemIssue[];
  issuesTotal?: number;
  retryAfterSeconds?: number;
}

/**
 * An expected refusal, by its stable code; without a message it says the code's usual detail. The api maps codes to HTTP;
 * nothing here knows a status number.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: ProblemIssue[] | undefined;
  /** How many issues were found, where `issues` has only the first. */
  readonly issuesTotal: number | undefined;
  /** When trying again makes sense, in seconds. */
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

/** Thrown by every verb that takes an agent's id. */
export const unknownAgent = (id: string): AppError =>
  new AppError('unknown_agent', `There is no agent ${id}.`);

/** Thrown by every verb that takes a version of an agent which does not exist, or no longer. */
export const unknownVersion = (id: string, version: number): AppError =>
  new AppError('unknown_version', `The agent ${id} has no version ${version}, or it is kept no longer.`);
