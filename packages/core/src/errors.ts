import type { ErrorCode, ProblemIssue } from '@agenthook/contracts';

/** An expected refusal, by its stable code. The api maps codes to HTTP; nothing here knows a status number. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: ProblemIssue[] | undefined;
  /** How many issues were found, where `issues` has only the first. */
  readonly issuesTotal: number | undefined;
  /** When trying again makes sense, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { issues?: ProblemIssue[]; issuesTotal?: number; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.issues = extra.issues;
    this.issuesTotal = extra.issuesTotal;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** The refusal of what needs a callback. */
export const noCallback = (): AppError =>
  new AppError(
    'no_callback',
    'The agent has no callback. Set one first: PATCH it with {"callback": {"url": "https://…"}}.',
  );

/** The refusal of every verb that is given an agent's id. */
export const unknownAgent = (id: string): AppError =>
  new AppError('unknown_agent', `There is no agent ${id}.`);

/** Thrown where a version of an agent is named that there is not, or not any more. */
export const unknownVersion = (id: string, version: number): AppError =>
  new AppError('unknown_version', `The agent ${id} has no version ${version}, or it is kept no longer.`);
