/**
 * A position in a task's events, which is also the id of the event before it. It contains the position in the
 * journal and the last state sent, so any api process can continue there and none needs to remember its
 * readers.
 */
export interface EventCursor {
  /** The id of the last journal entry that was sent. */
  entry: string;
  /** Whether only the text of that entry, a turn, was sent. */
  textOnly: boolean;
  /** How many turns were sent. */
  turns: number;
  /**
   * The last state that was sent, as a number that grows with each change; Infinity once the end was sent.
   */
  state: number;
}

export const BEGINNING: EventCursor = { entry: '0-0', textOnly: false, turns: 0, state: 0 };

// Few enough digits that Redis accepts them in a stream id.
const SHAPE = /^(\d{1,15}-\d{1,15})(t?)\.(\d{1,9})\.(\d{1,9}|end)$/;
const END = 'end';

export function formatCursor({ entry, textOnly, turns, state }: EventCursor): string {
  return `${entry}${textOnly ? 't' : ''}.${turns}.${state === Number.POSITIVE_INFINITY ? END : state}`;
}

/** The position after the event with this id; undefined if the text is not an event id. */
export function parseCursor(id: string): EventCursor | undefined {
  const match = SHAPE.exec(id);
  if (!match) return undefined;
  const [, entry = '', text, turns, state] = match;
  return {
    entry,
    textOnly: text === 't',
    turns: Number(turns),
    state: state === END ? Number.POSITIVE_INFINITY : Number(state),
  };
}
