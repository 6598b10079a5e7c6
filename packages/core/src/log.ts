import { type Logger, type LoggerOptions, pino } from 'pino';
import { type LogOutput, openLogOutput } from './log-output.js';
import { withoutQuotes } from './redis/refused-start.js';

const TOKEN = /\b(whk|ahk|ahs)_[A-Za-z0-9_-]{4,}/g;

/**
 * Redacts webhook tokens, API keys, URL passwords and what Redis quotes of a command in a text for the log.
 */
export function withoutTokens(text: string): string {
  return withoutQuotes(text)
    .replace(TOKEN, '$1_[redacted]')
    .replace(/(\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:[redacted]@');
}

/** The logger of a process, and where its lines go. */
export interface ProcessLog extends Logger {
  readonly output: LogOutput;
}

/**
 * A JSON logger to stdout. Redacts tokens in error messages and stacks with `withoutTokens`, and censors keys
 * that hold credentials.
 *
 * @param fields returns extra fields for each line, when the line is written
 */
export function createLogger(name: string, level: string, fields?: () => object): ProcessLog {
  const options: LoggerOptions = {
    name,
    level,
    ...(fields && { mixin: fields }),
    redact: {
      // No wildcards: they slow down every line, and no line logs a whole request or agent.
      paths: ['token', 'secret', 'authorization', 'headers.authorization'],
      censor: '[redacted]',
    },
    serializers: {
      err: (error: Error) => {
        const { type, message, stack, ...rest } = pino.stdSerializers.err(error);
        // ioredis attaches the failed command's arguments to the error. They contain payloads.
        return {
          type,
          message: withoutTokens(message),
          stack: withoutTokens(stack),
          ...('code' in rest ? { code: rest.code } : {}),
        };
      },
    },
  };
  const output = openLogOutput((dropped) =>
    log.warn({ dropped }, 'log lines were dropped: nobody read them, or the disk was full'),
  );
  const log = Object.assign(pino(options, output), { output });
  return log;
}
