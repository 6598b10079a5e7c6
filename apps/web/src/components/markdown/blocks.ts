/**
 * A part of a Markdown text. Only what models commonly write is known; everything else, raw HTML included, is
 * text.
 */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; text: string }
  | { kind: 'list'; isOrdered: boolean; start: number; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'rule' };

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6}) (.*)$/;
const RULE = /^ {0,3}(?:\*{3,}|-{3,}|_{3,}) {0,3}$/;
const BULLET = /^ {0,8}(?:[-*+]|(\d{1,9})[.)]) (.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;

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
export function blocksOf(text: string): Block[] {
  const lines = text.split(/\r\n|\r|\n/);
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
    if (line.trim() === '') n += 1;
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
    } else if (QUOTE.test(line)) {
      const quoted = take((each) => QUOTE.test(each)).map((each) => QUOTE.exec(each)?.[1] ?? '');
      blocks.push({ kind: 'quote', text: quoted.join('\n') });
    } else if (BULLET.test(line)) blocks.push(listOf(take((each) => each.trim() !== '')));
    else if (isTableHead(line, lines[n + 1])) {
      n += 2;
      const rows = take((each) => each.includes('|')).map(cellsOf);
      blocks.push({ kind: 'table', head: cellsOf(line), rows });
    } else {
      n += 1;
      const rest = take((each) => each.trim() !== '' && !beginsBlock(each));
      blocks.push({ kind: 'text', text: [line, ...rest].join('\n') });
    }
  }
  return blocks;
}

const beginsBlock = (line: string): boolean =>
  [FENCE, HEADING, RULE, QUOTE, BULLET].some((pattern) => pattern.test(line));

/** A list. A line without a bullet belongs to the item before it. */
function listOf(lines: readonly string[]): Block {
  const [, first] = BULLET.exec(lines[0] ?? '') ?? [];
  const items: string[][] = [];
  for (const line of lines) {
    const bullet = BULLET.exec(line);
    if (bullet) items.push([bullet[2] ?? '']);
    else items.at(-1)?.push(line.trim());
  }
  return {
    kind: 'list',
    isOrdered: first !== undefined,
    start: Number(first ?? 1),
    items: items.map((item) => item.join('\n')),
  };
}
