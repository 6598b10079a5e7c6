import { type Static, Type } from '@sinclair/typebox';
import { PUBLIC_RESULTS, type PublicState } from './public-result.js';
import { OrNull, RefTo, StringEnum, Time } from './shapes.js';
import { TaskTrace } from './trace.js';

/** How long a share link is valid: at most, and unless its maker says otherwise. In seconds. */
export const MAX_SHARE_SECONDS = 30 * 86_400;
export const DEFAULT_SHARE_SECONDS = 7 * 86_400;
/** How many valid links a task may have. */
export const MAX_SHARES = 20;

const shows = StringEnum(PUBLIC_RESULTS, {
  description:
    '`full`: what came in, each step and the result. `answer`: only the answer or the error. `status`: only whether ' +
    'it has ended, and when.',
});

/** Body of POST /api/tasks/{id}/share. */
export const ShareInput = Type.Object(
  {
    shows,
    expires_in_seconds: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: MAX_SHARE_SECONDS,
        default: DEFAULT_SHARE_SECONDS,
        description: 'When the link ends. A run that is erased before is no longer shown.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ShareInput = Static<typeof ShareInput>;

/** A link to a run for people without an API key, without its secret. */
export const Share = Type.Object(
  {
    id: Type.String({ description: 'For example `shr_…`. The id is not a credential.' }),
    shows,
    created_at: Time(),
    created_by: OrNull(Type.String(), 'The name of the key that made it.'),
    expires_at: Time(),
  },
  { $id: 'Share' },
);
export type Share = Static<typeof Share>;

export const ShareCreated = Type.Object(
  {
    ...Share.properties,
    url: Type.String({
      description: 'A page of the Studio. Its secret is behind a #, so no log has it. Returned only once.',
    }),
  },
  { $id: 'ShareCreated' },
);
export type ShareCreated = Static<typeof ShareCreated>;

export const ShareList = Type.Object({ shares: Type.Array(Type.Ref('Share')) });

/** Body of POST /api/shared. */
export const SharedInput = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 100, description: '`ahr_…`' }) },
  { additionalProperties: false },
);
export type SharedInput = Static<typeof SharedInput>;

/** A run as a share link shows it. */
export const SharedRun = Type.Object(
  {
    shows,
    expires_at: Time(),
    agent_name: OrNull(Type.String(), 'null if the agent was deleted.'),
    state: RefTo<PublicState>('PublicState'),
    trace: OrNull(
      Type.Pick(TaskTrace, ['payload', 'attachments', 'prompt', 'steps', 'failed_attempts']),
      'null unless `shows` is `full`.',
    ),
  },
  { $id: 'SharedRun' },
);
export type SharedRun = Static<typeof SharedRun>;
