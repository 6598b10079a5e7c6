/**
 * A place in a task's events, and with it the id of the event before that place. It names both what the log has told and
 * which state was told last, so that any api process can go on exactly there, and none has to remember its readers.
 */
export interface EventCursor {
  /** The id of the last entry of the task's log that was told. */
  entry: string;
  /** Whether of that entry, a turn, only the text was told yet. */
  textOnly: boolean;
  /** How many turns were told. */
  turns: number;
  /** Which state was told last, as a number that grows with each change; Infinity once the end was told. */
  state: number;
}

export const BEGINNING: EventCursor = { entry: '0-0', textOnly: false, turns: 0, state: 0 };

// Few enough digits that Redis takes each as a part of a stream's id.
const SHAPE = /^(\d{1,15}-\d{1,15})(t?)\.(\d{1,9})\.(\d{1,9}|end)$/;
const END = 'end';

export function formatCursor({ entry, textOnly, turns, state }: EventCursor): string {
  return `${entry}${textOnly ? 't' : ''}.${turns}.${state === Number.POSITIVE_INFINITY ? END : state}`;
}

/** The place after the event that has this id; undefined for a text that is no id of ours. */
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
