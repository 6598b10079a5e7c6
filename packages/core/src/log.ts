import { type DestinationStream, destination, type Logger, type LoggerOptions, pino } from 'pino';

const TOKEN = /\b(whk|ahk|ahs)_[A-Za-z0-9_-]{4,}/g;

/** Redacts webhook tokens, API keys and URL passwords in a text for the log. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '$1_[redacted]').replace(/(\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:[redacted]@');
}

/** Size of the write buffer, in characters. */
const HELD = 8_192;

/**
 * Writes log lines to stdout. The lines of one turn of the event loop share one system call, because under
 * load a call per line costs more than the line itself. A killed process loses only the lines of its last
 * turn.
 */
function linesOfATurn(): DestinationStream {
  const stdout = destination({ dest: 1, sync: true, minLength: HELD });
  let first = true;
  let waits = false;
  const flush = () => {
    waits = false;
    stdout.flush();
  };
  return {
    write: (line) => {
      stdout.write(line);
      if (first) process.once('exit', () => stdout.flushSync());
      first = false;
      if (waits) return;
      waits = true;
      setImmediate(flush);
    },
  };
}

/**
 * A JSON logger. Redacts tokens in error messages and stacks with `withoutTokens`, and censors keys that hold
 * credentials.
 *
 * @param fields returns extra fields for each line, when the line is written
 */
export function createLogger(name: string, level: string, fields?: () => object): Logger {
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
  return pino(options, linesOfATurn());
}
