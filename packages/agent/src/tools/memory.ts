import type { MemoryPort, MemoryTool, Note } from '@agenthook/contracts';
import { type OpenTool, ToolError, type ToolKind } from './tool.js';
import { suffixedName } from './tool-names.js';

const MAX_KEY_CHARACTERS = 200;
const MAX_TEXT_CHARACTERS = 4_000;
/** How many notes one recall returns. */
const MAX_RECALLED = 20;
const MAX_RECALLED_CHARACTERS = 20_000;

const keySchema = { type: 'string', minLength: 1, maxLength: MAX_KEY_CHARACTERS };

function textOf(args: Record<string, unknown>, field: string, longest: number): string {
  const value = args[field];
  if (typeof value !== 'string' || value.trim() === '') throw new ToolError(`\`${field}\` must be a text.`);
  const text = value.trim();
  if (text.length > longest) throw new ToolError(`\`${field}\` may have at most ${longest} characters.`);
  return text;
}

const parameters = (properties: Record<string, unknown>, required: string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const MARKS = /\p{M}/gu;

/**
 * Normalises for search: ignores case, accents and Unicode composition. Removes marks first, because NFKD
 * sorts them in quadratic time.
 */
const folded = (text: string): string =>
  text.replace(MARKS, '').normalize('NFKD').replace(MARKS, '').toLowerCase();

/**
 * Returns a check for notes whose key or text contains every word of the query, also as part of a longer
 * word.
 */
function matches(query: string): (note: Note) => boolean {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return ({ key, text }) => {
    const note = folded(`${key}\n${text}`);
    return words.every((word) => note.includes(word));
  };
}

/** The newest matching notes, limited for the model, and how many more there are. */
async function recall(memory: MemoryPort, query: string): Promise<{ notes: Note[]; more: number }> {
  const fits = matches(query);
  const notes: Note[] = [];
  let characters = 0;
  let more = 0;
  for await (const some of memory.list()) {
    for (const note of some.filter(fits)) {
      characters += note.key.length + note.text.length;
      if (more > 0 || notes.length === MAX_RECALLED || characters > MAX_RECALLED_CHARACTERS) more++;
      else notes.push(note);
    }
  }
  return { notes, more };
}

const saveTool = ({ name, description, max_notes = 200 }: MemoryTool, memory: MemoryPort): OpenTool => ({
  name: suffixedName(name, 'save'),
  description:
    `Keeps a note for later tasks and replaces a note with the same key. At most ${max_notes} notes ` +
    `are kept; the oldest are dropped first. ${description ?? ''}`.trim(),
  parameters: parameters({
    key: { ...keySchema, description: 'A short name, to find and replace the note by.' },
    text: { type: 'string', minLength: 1, maxLength: MAX_TEXT_CHARACTERS },
  }),
  repeat_safe: true,
  async execute(args) {
    const key = textOf(args, 'key', MAX_KEY_CHARACTERS);
    await memory.save(key, textOf(args, 'text', MAX_TEXT_CHARACTERS), max_notes);
    return { saved: key };
  },
});

const recallTool = ({ name, description }: MemoryTool, memory: MemoryPort): OpenTool => ({
  name: suffixedName(name, 'recall'),
  description:
    'Finds notes of earlier tasks, newest first: those that contain all words of the query or, ' +
    `without a query, all notes. Each says which task wrote it. ${description ?? ''}`.trim(),
  parameters: parameters({ query: { type: 'string', maxLength: MAX_KEY_CHARACTERS } }, []),
  repeat_safe: true,
  async execute({ query }) {
    const text = typeof query === 'string' ? query.slice(0, MAX_KEY_CHARACTERS) : '';
    return await recall(memory, text);
  },
});

const forgetTool = ({ name }: MemoryTool, memory: MemoryPort): OpenTool => ({
  name: suffixedName(name, 'forget'),
  description: 'Removes a note.',
  parameters: parameters({ key: keySchema }),
  repeat_safe: true,
  async execute(args) {
    const key = textOf(args, 'key', MAX_KEY_CHARACTERS);
    return { forgotten: (await memory.remove(key)) ? key : null };
  },
});

/**
 * The agent's own notes, which outlive a task. Opens as `<name>_save`, `<name>_recall` and `<name>_forget`.
 */
export const memoryTool: ToolKind<'memory'> = {
  type: 'memory',
  async open(config, { memory }) {
    return { tools: [saveTool, recallTool, forgetTool].map((open) => open(config, memory)) };
  },
};
