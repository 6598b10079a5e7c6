import type { Handler } from 'htmlparser2';
import { addressOf, isMain, isSkipped, LINES, linkOf } from './elements.js';
import { createTextWriter, type Stretch } from './text-writer.js';

/**
 * If a page's main part is shorter than this, in characters, and than a quarter of the page, the whole page
 * is shown.
 */
const MAIN_AT_LEAST = 200;
/** How much of a title is read, including white space, and how much is shown; in characters. */
const LONGEST_TITLE = 2_000;
const SHOWN_TITLE = 300;
/** How many main parts of a page are tracked. */
const MOST_MAINS = 1_000;

export interface PageReader {
  handler: Partial<Handler>;
  /** The depth of the open elements. */
  depth(): number;
  /** The number of text pieces. */
  pieces(): number;
  /** The text so far. Call it once, at the end. */
  result(): { title: string; text: string };
}

/**
 * Reads a page while it is parsed: headings, paragraphs, lists, tables, links and code in Markdown. Skips
 * hidden text and everything around the content. If the page marks its main part, only that is kept.
 */
export function createPageReader(url: string): PageReader {
  const writer = createTextWriter();
  const mains: Stretch[] = [];
  const lists: { next: number | undefined }[] = [];
  let base = url;
  let depth = 0;
  let skippedFrom = 0; // depth; 0 while nothing is skipped
  let mainFrom = 0;
  let preFrom = 0;
  let mainPlace = 0;
  let cells = 0;
  let link: { depth: number; place: number; href: string } | undefined;
  let title: string | undefined;
  let titleFrom = 0;
  let metaTitle = '';

  const isReading = () => skippedFrom === 0;

  function readHead(name: string, attributes: Record<string, string>) {
    if (name === 'title' && title === undefined && isReading()) {
      title = '';
      titleFrom = depth;
    } else if (name === 'meta' && attributes.property === 'og:title')
      metaTitle = attributes.content?.slice(0, LONGEST_TITLE) ?? '';
    else if (name === 'base' && attributes.href) base = addressOf(attributes.href, url)?.href ?? base;
  }

  function breakLines(name: string) {
    const lines = LINES[name];
    const isInnerList = lists.length > 0 && (name === 'ul' || name === 'ol');
    if (lines) writer.lines(isInnerList ? 1 : lines);
  }

  function open(name: string, attributes: Record<string, string>) {
    breakLines(name);
    if (mainFrom === 0 && isMain(name, attributes)) {
      mainFrom = depth;
      mainPlace = writer.place();
    }
    if (/^h[1-6]$/.test(name)) writer.prefix(`${'#'.repeat(Number(name[1]))} `);
    else if (name === 'ul' || name === 'ol') lists.push({ next: name === 'ol' ? 1 : undefined });
    else if (name === 'li') writer.prefix(markOf(lists));
    else if (name === 'tr') cells = 0;
    else if ((name === 'td' || name === 'th') && cells++ > 0) writer.text(' | ');
    else if (name === 'pre' && preFrom === 0) {
      preFrom = depth;
      writer.verbatim('```\n');
    } else if (name === 'a' && link === undefined) {
      const href = linkOf(attributes.href, base);
      if (href !== undefined) link = { depth, place: writer.place(), href };
    }
  }

  function close(name: string) {
    if (preFrom === depth) {
      writer.verbatim('\n```');
      preFrom = 0;
    }
    if (link?.depth === depth) closeLink(link);
    if (name === 'ul' || name === 'ol') lists.pop();
    breakLines(name);
    if (mainFrom === depth) {
      if (mains.length < MOST_MAINS) mains.push([mainPlace, writer.place()]);
      mainFrom = 0;
    }
  }

  function closeLink({ place, href }: { place: number; href: string }) {
    link = undefined;
    const written = writer.since(place);
    const [before = ''] = /^\s*(?:#+ |- |\d+\. )?/.exec(written) ?? [];
    const label = written.slice(before.length);
    if (label === '' || preFrom > 0) return;
    // Markdown cannot express a link across several lines.
    const marked = label.includes('\n') ? `${label} (${href})` : `[${label}](${href})`;
    writer.replaceSince(place, before + marked);
  }

  return {
    depth: () => depth,
    pieces: () => writer.place(),
    handler: {
      onopentag(name, attributes) {
        depth += 1;
        readHead(name, attributes);
        if (!isReading()) return;
        if (isSkipped(name, attributes)) skippedFrom = depth;
        else open(name, attributes);
      },
      onclosetag(name) {
        if (titleFrom === depth) titleFrom = 0;
        if (skippedFrom === depth) skippedFrom = 0;
        else if (isReading()) close(name);
        depth -= 1;
      },
      ontext(text) {
        if (titleFrom > 0) title = `${title}${text}`.slice(0, LONGEST_TITLE);
        else if (isReading()) preFrom > 0 ? writer.verbatim(text) : writer.text(text);
      },
    },
    result: () => {
      const end = writer.place();
      const whole = writer.take([[0, end]]);
      const main = writer.take(mainFrom > 0 ? [...mains, [mainPlace, end]] : mains);
      const isEnough = main.length >= MAIN_AT_LEAST || main.length * 4 >= whole.length;
      return { title: tidy(title || metaTitle), text: isEnough && main !== '' ? main : whole };
    },
  };
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, SHOWN_TITLE);

/** "- " or "1. ", indented to the depth of the list. */
function markOf(lists: { next: number | undefined }[]): string {
  const list = lists.at(-1);
  const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), 5));
  return `${indent}${list?.next === undefined ? '-' : `${list.next++}.`} `;
}
