import { type Static, Type } from '@sinclair/typebox';
import { AddressTemplate, BaseUrl, ContentTemplate, destinationSchema } from './common.js';

export const GITHUB_API = 'https://api.github.com';

export const GitHubDestination = destinationSchema(
  'github',
  'GitHub comment',
  'Comments on an issue or a pull request of GitHub. Needs `secrets.token`, which may write issues.',
  {
    repository: AddressTemplate('`owner/name`, for example `{{ payload.repository.full_name }}`.'),
    issue: AddressTemplate(
      'The number of the issue or pull request, for example `{{ payload.issue.number }}`.',
    ),
    body: Type.Optional(
      ContentTemplate('Markdown. Default: the answer, or the error of a task that failed.'),
    ),
    base_url: BaseUrl(GITHUB_API),
  },
);
export type GitHubDestination = Static<typeof GitHubDestination>;
