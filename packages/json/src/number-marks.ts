import { ExactNumber, fitsDouble } from './exact-number.js';
import { endOfNumber, endOfString } from './tokens.js';

const [QUOTE, MINUS, ZERO, NINE] = [0x22, 0x2d, 0x30, 0x39];
/** https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Carries exact numbers through a parser that knows only doubles: `mark` turns each number in a JSON text
 * that a double cannot hold into a string, and `restore` turns these strings into ExactNumbers. The strings
 * begin with a random text, so that no sender can write one.
 */
export interface NumberMarks {
  /** Returns the text itself if it has no such number. The text may be anything. */
  mark(json: string): string;
  /** Undoes `mark` in JSON that JSON.stringify wrote, or in YAML. */
  unmark(json: string): string;
  /**
   * Changes a parsed value in place, without recursion, and returns it. A lone string becomes a number.
   * Leaves the members that `except` names.
   */
  restore<T>(value: T, except?: ReadonlySet<string>): T;
}

export function createNumberMarks(): NumberMarks {
  const random = Array.from(crypto.getRandomValues(new BigUint64Array(2)), (part) => part.toString(36));
  const prefix = `n${random.join('')}:`;
  const marks = new RegExp(`"?${prefix}([\\d.eE+-]+)"?`, 'g');
  return {
    mark: (json) => {
      let marked = '';
      let done = 0;
      for (const [begin, end] of inexactNumbers(json)) {
        marked += `${json.slice(done, begin)}"${prefix}${json.slice(begin, end)}"`;
        done = end;
      }
      return done === 0 ? json : marked + json.slice(done);
    },
    unmark: (json) => (json.includes(prefix) ? json.replace(marks, '$1') : json),
    restore: (value, except = NOTHING) => {
      // One object per spelling, so that LiquidJS's `uniq` finds repeated numbers.
      const known = new Map<string, ExactNumber>();
      const restored = (item: string): unknown => {
        const text = item.slice(prefix.length);
        const number = known.get(text) ?? (NUMBER.test(text) ? new ExactNumber(text) : undefined);
        if (number) known.set(text, number);
        return number ?? item;
      };
      const root = { value } as Record<string, unknown>;
      const open = [root];
      const restoreAt = (container: Record<number | string, unknown>, key: number | string) => {
        const item = container[key];
        if (typeof item === 'string' && item.startsWith(prefix)) container[key] = restored(item);
        else if (typeof item === 'object' && item !== null) open.push(item as Record<string, unknown>);
      };
      for (const container of open) {
        // `for … in` would make a text of every index.
        if (Array.isArray(container)) for (let n = 0; n < container.length; n++) restoreAt(container, n);
        else for (const key in container) if (!except.has(key)) restoreAt(container, key);
      }
      return root.value as typeof value;
    },
  };
}

/** The numbers in a JSON text that a double cannot hold, as [begin, end]. Linear in the text. */
function* inexactNumbers(json: string): Generator<[begin: number, end: number]> {
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfString(json, at);
    else if (character === MINUS || (character >= ZERO && character <= NINE)) {
      const end = endOfNumber(json, at);
      const text = json.slice(at, end);
      // What is not a number stays, so that the parser refuses it.
      if (!fitsDouble(text) && NUMBER.test(text)) yield [at, end];
      at = end - 1;
    }
  }
}
