import { GITHUB_API, iso } from '@agenthook/contracts';
import type { EgressResponse } from '@agenthook/egress';
import { textOf } from '../end-facts.js';
import { alreadyThere, doubtOf, isInDoubt, marksOf } from '../in-doubt.js';
import { isThere, PAGE_SIZE } from '../look.js';
import { postTo } from '../post.js';
import { Unsendable } from '../sent.js';
import type { DestinationKind } from './destination-kind.js';

/** How long a comment may be, in characters. GitHub refuses a longer one. */
const LONGEST_BODY = 65_536;
const REPOSITORY = /^[A-Za-z0-9-]{1,39}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const ISSUE = /^[1-9]\d{0,9}$/;

/**
 * When the last comment of a page was written, in ms; 0 if it does not say. Comments are in the order in
 * which they were written, and `since` looks at their last change.
 */
function newestIn(body: Buffer): number {
  try {
    const last = (JSON.parse(body.toString('utf8')) as { created_at?: string }[]).at(-1);
    return Date.parse(last?.created_at ?? '') || 0;
  } catch {
    return 0;
  }
}

/**
 * Comments on an issue: https://docs.github.com/rest/issues/comments#create-an-issue-comment. GitHub has no
 * keys against repetition, so each comment has a mark, by which it is found after an attempt that may have
 * arrived.
 */
export const github: DestinationKind<'github'> = {
  looksFirst: true,
  receiver: ({ base_url = GITHUB_API }) => base_url,
  send: async (config, sending) => {
    const { base_url = GITHUB_API, body } = config;
    const { facts, secrets, fill } = sending;
    const [repository, issue] = await Promise.all([
      fill('repository', config.repository, 'address'),
      fill('issue', config.issue, 'address'),
    ]);
    checkPart('repository', repository.trim(), REPOSITORY, 'owner/name');
    checkPart('issue', issue.trim(), ISSUE, 'a number');
    const said = body === undefined ? textOf(facts) : await fill('body', body, 'content');
    if (said.trim() === '')
      throw new Unsendable('template_failed', 'The template of the body rendered to nothing.');
    const base = base_url.replace(/\/$/, '');
    const url = `${base}/repos/${repository.trim()}/issues/${issue.trim()}/comments`;
    const headers = {
      authorization: `Bearer ${secrets.token ?? ''}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    };
    const marks = marksOf(sending);
    if (isInDoubt(sending.attempts)) {
      const { fromMs, toMs } = doubtOf(sending);
      const page = (n: number) => `${url}?since=${iso(fromMs)}&per_page=${PAGE_SIZE}&page=${n}`;
      const nextPage = (answer: EgressResponse, n: number) =>
        /rel="?next\b/.test(answer.headers.link ?? '') && newestIn(answer.body) <= toMs
          ? page(n + 1)
          : undefined;
      if (await isThere(sending, marks.known, { url: page(1), headers }, nextPage))
        return alreadyThere(sending, url);
    }
    // GitHub does not show it.
    const mark = `\n\n<!-- ${marks.write} -->`;
    const comment = said.slice(0, LONGEST_BODY - mark.length).toWellFormed() + mark;
    return await postTo(sending, { url, headers, body: JSON.stringify({ body: comment }) });
  },
};

function checkPart(name: string, value: string, form: RegExp, what: string): void {
  if (form.test(value)) return;
  const shown = JSON.stringify(value.slice(0, 100));
  throw new Unsendable(
    'template_failed',
    `The template of the ${name} rendered to ${shown}, not to ${what}.`,
  );
}
