import type { LanguageModelV4Content } from '@ai-sdk/provider';
import { splitHarmony } from './text-calls/harmony.js';

/** The marks of thoughts in the text of a model whose server does not separate them. */
const MARKS: [open: string, close: string][] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
];
/** Some chat templates end with the open mark, so that the answer holds only the close mark. */
const UNOPENED = '</think>';
const OPENED = '<think>';

/**
 * Moves the thoughts at the beginning of a text into a reasoning part. Marks later in a text may be the
 * answer itself, and stay.
 */
export function splitThoughts(content: readonly LanguageModelV4Content[]): LanguageModelV4Content[] {
  return content.flatMap((part): LanguageModelV4Content[] => {
    if (part.type !== 'text') return [part];
    const { thoughts, text } = splitHarmony(part.text) ??
      marked(part.text) ??
      unopened(part.text) ?? { thoughts: [], text: part.text };
    const thought = thoughts.map((each) => each.trim()).filter((each) => each !== '');
    return [
      ...(thought.length > 0 ? [{ type: 'reasoning' as const, text: thought.join('\n') }] : []),
      ...(text !== '' ? [{ ...part, text }] : []),
    ];
  });
}

interface Split {
  thoughts: string[];
  text: string;
}

/** The thoughts that a text begins with. One without a close mark is all of it. */
function marked(whole: string): Split | undefined {
  const thoughts: string[] = [];
  let text = whole;
  for (;;) {
    const begin = text.trimStart();
    const mark = MARKS.find(([open]) => begin.startsWith(open));
    if (!mark) return thoughts.length > 0 ? { thoughts, text } : undefined;
    const [open, close] = mark;
    const end = begin.indexOf(close, open.length);
    thoughts.push(begin.slice(open.length, end === -1 ? undefined : end));
    text = end === -1 ? '' : begin.slice(end + close.length).trimStart();
  }
}

/**
 * A thought without its open mark. In prose about the mark, a space or a quote is next to it; the end of a
 * thought is glued to its text, or has a line break beside it.
 */
function unopened(text: string): Split | undefined {
  const end = text.indexOf(UNOPENED);
  if (end === -1) return undefined;
  const after = end + UNOPENED.length;
  const [last, next] = [text[end - 1] ?? '\n', text[after] ?? '\n'];
  const isGlued =
    !BESIDE_WORDS.test(last) && !BESIDE_WORDS.test(next) && !text.slice(0, end).includes(OPENED);
  if (last !== '\n' && next !== '\n' && !isGlued) return undefined;
  return { thoughts: [text.slice(0, end)], text: text.slice(after).trimStart() };
}

const BESIDE_WORDS = /[\s`'"“”‘’«»([{<>]/;
