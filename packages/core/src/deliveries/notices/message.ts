/** An event as a webhook gets it: the shape of callbacks. */
export interface NoticeEvent {
  type: string;
  /** When it happened, as RFC 3339. */
  timestamp: string;
  data: unknown;
}

/** What people are told. Its texts may come from outside: each kind of channel escapes them. */
export interface Message {
  /** One line. */
  title: string;
  text: string;
  facts: readonly { name: string; value: string; isCode?: true }[];
  /** Where to decide or to look. */
  link?: { label: string; url: string };
  /** The same for programs. */
  event: NoticeEvent;
}

/** How long a title, a name or a plain value may be, and how long a code, in characters. */
const LONGEST_LINE = 200;
const LONGEST_CODE = 1_000;
const LONGEST_TEXT = 1_500;

/** Control characters and marks that change the direction of a text: they make it look like another one. */
const HIDDEN = /(?![\t\n])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text that ends before `most` characters, without half characters or hidden ones. */
function cut(text: string, most: number): string {
  const shown = text.slice(0, most + 1).replace(HIDDEN, ' ');
  return (shown.length > most ? `${shown.slice(0, most - 1)}…` : shown).toWellFormed();
}

const oneLine = (text: string): string => cut(text, LONGEST_LINE).replace(/\s/g, ' ');

/** The message with texts of bounded length and without hidden characters. */
export const boundMessage = (message: Message): Message => ({
  ...message,
  title: oneLine(message.title),
  text: cut(message.text, LONGEST_TEXT),
  facts: message.facts.map(({ name, value, isCode }) => ({
    name: oneLine(name),
    value: isCode ? cut(value, LONGEST_CODE) : oneLine(value),
    ...(isCode && { isCode }),
  })),
});

/** A message as plain text. */
export const plainText = ({ text, facts, link }: Message): string =>
  [
    text,
    ...facts.map(({ name, value, isCode }) => (isCode ? `${name}:\n${value}` : `${name}: ${value}`)),
    ...(link ? [`${link.label}: ${link.url}`] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
