import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from './wait.js';

/** One Server-Sent Event, with its `data` read as JSON. */
export interface ReceivedEvent {
  id: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  data: any;
}

/** A stream of Server-Sent Events, or the refusal that came instead. */
export interface EventReader {
  status: number;
  headers: IncomingHttpHeaders;
  /** Everything that has arrived, as it came. */
  text(): string;
  /** The events that have arrived whole. */
  events(): ReceivedEvent[];
  /** Waits until so many events of this name are there. */
  has(event: string, count?: number, timeoutMs?: number): Promise<ReceivedEvent[]>;
  /** How the stream ended: with its end, or with a connection that was lost. */
  ended: Promise<'end' | 'lost'>;
  /** Takes nothing more from the socket, until `resume`. */
  pause(): void;
  resume(): void;
  /** Hangs up; `abruptly` with a reset instead of a goodbye. */
  close(abruptly?: boolean): void;
}

/** Opens `url` on a connection of its own and keeps what arrives. Resolves once the head of the answer is there. */
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
