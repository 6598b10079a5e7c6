import { callOf, type Dialect, readerOf, type WrittenCall } from './dialect.js';

// The format of gpt-oss, as servers return it that do not read its channels:
// https://cookbook.openai.com/articles/openai-harmony
// `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>commentary to=functions.NAME
// <|constrain|>json<|message|>{…}<|call|>`. Its first `<|start|>assistant` is part of the prompt.

const [START, CHANNEL, MESSAGE] = ['<|start|>', '<|channel|>', '<|message|>'];
/** What ends a message. A message without its end is followed by the next one. */
const ENDS = ['<|end|>', '<|call|>', '<|return|>', START, CHANNEL];
const LONGEST_HEADER = 300;
/** More messages are no answer of one turn. */
const MOST_MESSAGES = 1_000;

interface HarmonyMessage {
  channel: string;
  /** Who it is sent to; undefined if it is for the user. */
  recipient: string | undefined;
  body: string;
  /** The whole message, unchanged. */
  raw: string;
}

/** The messages of a text in this format; undefined if anything in it is none. */
function harmonyMessages(text: string): HarmonyMessage[] | undefined {
  const messages: HarmonyMessage[] = [];
  let at = 0;
  while (at < text.length && text.slice(at, at + LONGEST_HEADER).trim() !== '') {
    const end = text.indexOf(MESSAGE, at);
    const header = end === -1 || end - at > LONGEST_HEADER ? undefined : readHeader(text.slice(at, end));
    if (!header || messages.length === MOST_MESSAGES) return undefined;
    const begin = end + MESSAGE.length;
    const next = nextOf(text, begin);
    messages.push({ ...header, body: text.slice(begin, next.at), raw: text.slice(at, next.after) });
    at = next.after;
  }
  return messages.length > 0 ? messages : undefined;
}

/** Where a body ends, and where the next message begins. */
function nextOf(text: string, from: number): { at: number; after: number } {
  for (let at = text.indexOf('<|', from); at !== -1; at = text.indexOf('<|', at + 2)) {
    const mark = ENDS.find((each) => text.startsWith(each, at));
    if (mark === undefined) continue;
    const isNext = mark === START || mark === CHANNEL;
    return { at, after: isNext ? at : at + mark.length };
  }
  return { at: text.length, after: text.length };
}

/** A header: `<|start|>assistant to=functions.NAME<|channel|>commentary`, where any part may be missing. */
function readHeader(header: string): Pick<HarmonyMessage, 'channel' | 'recipient'> | undefined {
  const [before = '', ...after] = header.split(CHANNEL);
  const role = before.trim().replace(/^<\|start\|>(?:assistant)?/, '');
  const rest = after.length === 1 ? (after[0] ?? '') : undefined;
  const channel = /^(?:analysis|commentary|final)\b/.exec(rest?.trim() ?? '')?.[0];
  if (rest === undefined || channel === undefined || !/^\s*(?:to=\S{1,100}\s*)?$/.test(role))
    return undefined;
  return { channel, recipient: /\bto=([^\s<]{1,100})/.exec(header)?.[1] };
}

const FUNCTIONS = 'functions.';

/** What a text in this format begins with. */
const BEGINNING = /^\s{0,3}(?:<\|start\|>assistant|<\|channel\|>|to=functions\.)/;

/**
 * A text in this format as thoughts and text; undefined for another one. Calls stay in the text as they are,
 * for `callsInText` to read.
 */
export function splitHarmony(text: string): { thoughts: string[]; text: string } | undefined {
  const messages = BEGINNING.test(text) ? harmonyMessages(text) : undefined;
  if (!messages) return undefined;
  const isThought = (message: HarmonyMessage) => message.channel === 'analysis' && !isHarmonyCall(message);
  return {
    thoughts: messages.filter(isThought).map(({ body }) => body),
    text: messages
      .filter((message) => !isThought(message))
      .map((message) => (isHarmonyCall(message) ? message.raw : message.body))
      .join('\n\n'),
  };
}

/** Whether a message calls a function of the agent, not a tool that the model has from its training. */
const isHarmonyCall = ({ recipient }: HarmonyMessage): boolean => recipient?.startsWith(FUNCTIONS) === true;

export const harmony: Dialect = {
  models: /gpt-?oss/i,
  marks: [`${START}assistant`, CHANNEL, `to=${FUNCTIONS}`],
  read: (text) => {
    const calls = harmonyMessages(text)?.map(callIn);
    return calls?.every((call) => call !== undefined) ? calls : undefined;
  },
};

function callIn(message: HarmonyMessage): WrittenCall | undefined {
  if (!isHarmonyCall(message)) return undefined;
  const name = message.recipient?.slice(FUNCTIONS.length) ?? '';
  if (message.body.trim() === '') return callOf(name, '{}');
  const reader = readerOf(message.body);
  const input = reader.json();
  return reader.atEnd() ? callOf(name, input) : undefined;
}
