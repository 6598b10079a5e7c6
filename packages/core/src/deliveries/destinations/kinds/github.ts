import { GITHUB_API } from '@agenthook/contracts';
import { textOf } from '../end-facts.js';
import { postTo } from '../post.js';
import { Unsendable } from '../sent.js';
import type { DestinationKind } from './destination-kind.js';

/** How long a comment may be, in characters. GitHub refuses a longer one. */
const LONGEST_BODY = 65_536;
const REPOSITORY = /^[A-Za-z0-9-]{1,39}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const ISSUE = /^[1-9]\d{0,9}$/;

/** Comments on an issue: https://docs.github.com/rest/issues/comments#create-an-issue-comment */
export const github: DestinationKind<'github'> = {
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
    return await postTo(sending, {
      url: `${base}/repos/${repository.trim()}/issues/${issue.trim()}/comments`,
      headers: {
        authorization: `Bearer ${secrets.token ?? ''}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      },
      body: JSON.stringify({ body: said.slice(0, LONGEST_BODY).toWellFormed() }),
    });
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
