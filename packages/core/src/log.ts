import { type DestinationStream, destination, type Logger, type LoggerOptions, pino } from 'pino';

const TOKEN = /\b(whk|ahk|ahs)_[A-Za-z0-9_-]{4,}/g;

/** Takes webhook tokens, API keys and URL passwords out of a text that is to be logged. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '$1_[redacted]').replace(/(\/\/[^\s/:@]*):[^\s/@]+@/g, '$1:[redacted]@');
}

/** How much is held back at most, in characters. */
const HELD = 8_192;

/**
 * Writes lines to stdout, those of one turn of the event loop in one call to the system: under load a call for each line
 * costs more than the line. None is held back for longer; a process that is killed loses those of its last turn.
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
 * A JSON logger. Error messages and stacks pass through `withoutTokens`; keys that hold credentials are censored
 * wherever they are logged.
 *
 * @param fields what each line gets besides, at the moment of its writing
 */
export function createLogger(name: string, level: string, fields?: () => object): Logger {
  const options: LoggerOptions = {
    name,
    level,
    ...(fields && { mixin: fields }),
    redact: {
      // No wildcards: they cost every line, and no line logs a whole request or agent.
      paths: ['token', 'secret', 'authorization', 'headers.authorization'],
      censor: '[redacted]',
    },
    serializers: {
      err: (error: Error) => {
        const { type, message, stack, ...rest } = pino.stdSerializers.err(error);
        // ioredis hangs the failed command with its arguments on the error: those hold payloads.
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
