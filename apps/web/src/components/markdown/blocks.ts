/**
 * A part of a Markdown text. Only what models commonly write is known; everything else, raw HTML included, is
 * text.
 */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; isOrdered: boolean; start: number; items: Block[][] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'rule' };

/** Lists and quotes within each other are read this deep. Each level reads its lines once more. */
const DEEPEST = 6;

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6}) (.*)$/;
const RULE = /^ {0,3}(?:\*{3,}|-{3,}|_{3,}) {0,3}$/;
const BULLET = /^( {0,8})(?:[-*+]|(\d{1,9})[.)])(?: |$)/;
const QUOTE = /^ {0,3}> ?(.*)$/;

const isBlank = (line: string): boolean => line.trim() === '';

const isTableHead = (line: string, next: string | undefined): boolean =>
  line.includes('|') && next?.includes('-') === true && next.includes('|') && /^[|:\- ]+$/.test(next);

const cellsOf = (line: string): string[] => {
  const trimmed = line.trim();
  const from = trimmed.startsWith('|') ? 1 : 0;
  const to = trimmed.endsWith('|') && trimmed.length > 1 ? -1 : undefined;
  return trimmed
    .slice(from, to)
    .split('|')
    .map((cell) => cell.trim());
};

/** The parts of a text, in one pass over its lines. */
export const blocksOf = (text: string): Block[] => readBlocks(text.split(/\r\n|\r|\n/), 0);

function readBlocks(lines: readonly string[], depth: number): Block[] {
  const mayNest = depth < DEEPEST;
  const blocks: Block[] = [];
  let n = 0;
  /** Reads lines as long as they fit. */
  const take = (fits: (line: string) => boolean): string[] => {
    const from = n;
    while (n < lines.length && fits(lines[n] ?? '')) n += 1;
    return lines.slice(from, n);
  };
  while (n < lines.length) {
    const line = lines[n] ?? '';
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    if (isBlank(line)) n += 1;
    else if (fence !== undefined) {
      n += 1;
      const code = take((each) => !each.trim().startsWith(fence));
      n += 1;
      blocks.push({ kind: 'code', text: code.join('\n') });
    } else if (heading) {
      n += 1;
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
    } else if (RULE.test(line)) {
      n += 1;
      blocks.push({ kind: 'rule' });
    } else if (mayNest && QUOTE.test(line)) {
      const quoted = take((each) => QUOTE.test(each)).map((each) => QUOTE.exec(each)?.[1] ?? '');
      blocks.push({ kind: 'quote', blocks: readBlocks(quoted, depth + 1) });
    } else if (mayNest && BULLET.test(line)) {
      const list = listFrom(lines, n);
      n = list.next;
      const items = list.items.map((item) => readBlocks(item, depth + 1));
      blocks.push({ kind: 'list', isOrdered: list.start !== undefined, start: list.start ?? 1, items });
    } else if (isTableHead(line, lines[n + 1])) {
      n += 2;
      const rows = take((each) => each.includes('|')).map(cellsOf);
      blocks.push({ kind: 'table', head: cellsOf(line), rows });
    } else {
      n += 1;
      const rest = take((each) => !isBlank(each) && !beginsBlock(each));
      blocks.push({ kind: 'text', text: [line, ...rest].join('\n') });
    }
  }
  return blocks;
}

const beginsBlock = (line: string): boolean =>
  [FENCE, HEADING, RULE, QUOTE, BULLET].some((pattern) => pattern.test(line));

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The lines of each item of the list that begins at a line; `next` is the first line after the list. */
function listFrom(lines: readonly string[], from: number) {
  const items: string[][] = [];
  const [, , first] = BULLET.exec(lines[from] ?? '') ?? [];
  let n = from;
  while (n < lines.length) {
    const line = lines[n] ?? '';
    const bullet = BULLET.exec(line);
    if (!bullet || RULE.test(line) || (bullet[2] === undefined) !== (first === undefined)) break;
    const item = itemFrom(lines, n, bullet);
    items.push(item.lines);
    n = item.next;
  }
  return { items, start: first === undefined ? undefined : Number(first), next: n };
}

/**
 * The lines of one item. Indented lines belong to it, also after blank ones, and so does all up to the end of
 * its code; other lines do if they continue its text.
 */
function itemFrom(lines: readonly string[], from: number, [mark, indent = '']: readonly string[]) {
  const width = mark?.length ?? 0;
  const own: string[] = [];
  let fence: string | undefined;
  const add = (line: string) => {
    own.push(line);
    if (fence === undefined) fence = FENCE.exec(line)?.[1];
    else if (line.trim().startsWith(fence)) fence = undefined;
  };
  add((lines[from] ?? '').slice(width));
  let n = from + 1;
  let isAfterBlank = false;
  for (; n < lines.length; n++) {
    const line = lines[n] ?? '';
    const isIndented = indentOf(line) >= indent.length + 2;
    const continues = !isAfterBlank && !beginsBlock(line);
    if (fence === undefined && !isBlank(line) && !isIndented && !continues) break;
    isAfterBlank = isBlank(line);
    add(line.slice(Math.min(width, indentOf(line))));
  }
  return { lines: own, next: n };
}
