import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from './wait.js';

/** One Server-Sent Event, with its `data` parsed as JSON. */
export interface ReceivedEvent {
  id: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  data: any;
}

/** A stream of Server-Sent Events, or the error answer instead. */
export interface EventReader {
  status: number;
  headers: IncomingHttpHeaders;
  /** Everything that has arrived, unchanged. */
  text(): string;
  /** The complete events so far. */
  events(): ReceivedEvent[];
  /** Waits until this many events of this name have arrived. */
  has(event: string, count?: number, timeoutMs?: number): Promise<ReceivedEvent[]>;
  /** How the stream ended: regularly, or by a lost connection. */
  ended: Promise<'end' | 'lost'>;
  /** Reads nothing more from the socket until `resume`. */
  pause(): void;
  resume(): void;
  /** Closes the connection; `abruptly` with a reset. */
  close(abruptly?: boolean): void;
}

/**
 * Opens `url` on its own connection and keeps what arrives. Resolves once the headers of the answer have
 * arrived.
 */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise<'end' | 'lost'>((resolve) => {
    response.once('end', () => resolve('end'));
    response.once('close', () => resolve(response.complete ? 'end' : 'lost'));
    response.on('error', () => resolve('lost'));
  });
  const events = () => eventsIn(text);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    events,
    has: (name, count = 1, timeoutMs = 10_000) =>
      until(
        `${count} times ${name}`,
        () => {
          const all = events();
          return all.filter(({ event }) => event === name).length >= count && all;
        },
        { timeoutMs },
      ),
    ended,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: (abruptly = false) => {
      if (abruptly) response.socket.resetAndDestroy();
      else response.destroy();
    },
  };
}

function eventsIn(text: string): ReceivedEvent[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.flatMap((block) => {
    const lines = block.split('\n').filter((line) => !line.startsWith(':'));
    const fields = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
    );
    const { id = '', event, data } = fields;
    return event === undefined ? [] : [{ id, event, data: JSON.parse(data ?? 'null') }];
  });
}
