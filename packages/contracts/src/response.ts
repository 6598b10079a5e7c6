import { type Static, Type } from '@sinclair/typebox';

/** How long a caller may wait for the end of a task at most, in seconds. */
export const MAX_WAIT_SECONDS = 60;
/** Maximum number of characters of the template of an answer. It is read with each event. */
export const MAX_RESPONSE_TEMPLATE = 10_000;

/** The request header by which a caller waits for the result, and the header that confirms it. */
export const PREFER_HEADER = 'Prefer';
export const PREFERENCE_APPLIED_HEADER = 'Preference-Applied';

/**
 * The media types of answers. None of them is a program or a style sheet for a page that includes it, as
 * text/javascript and text/css would be.
 */
export const RESPONSE_TYPE =
  '^(?:text/(?:plain|html|xml|csv|markdown)|' +
  'application/(?:json|xml|x-www-form-urlencoded|[a-z0-9.-]{1,60}\\+(?:json|xml)))(?:; ?charset=utf-8)?$';

/** The answer to the sender of an event once the event is stored. */
export const AgentResponse = Type.Object(
  {
    status: Type.Unsafe<200 | 202 | 204>({
      type: 'integer',
      enum: [200, 202, 204],
      default: 200,
      description: '204 has no body.',
    }),
    content_type: Type.String({
      pattern: RESPONSE_TYPE,
      default: 'application/json',
      description:
        'The media type of the body: `text/plain`, `text/html`, `text/xml`, `text/csv`, `text/markdown`, ' +
        '`application/json`, `application/xml`, `application/x-www-form-urlencoded`, or one that ends in ' +
        '`+json` or `+xml`. The body is UTF-8.',
    }),
    body: Type.String({
      maxLength: MAX_RESPONSE_TEMPLATE,
      default: '',
      description:
        'LiquidJS template. Variables: payload, headers, query, task_id, task_status_url; with `wait_seconds` ' +
        'also status (SUCCESS or FAILURE), result and error. In HTML and XML, inserted values are ' +
        'escaped; in JSON, they are escaped as the inside of a string, unless they come from the filter ' +
        '`json`. Empty: no body.',
    }),
    wait_seconds: Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_SECONDS,
      default: 0,
      description:
        'How long the sender waits for the end of the task, so that the body may contain its result. ' +
        'If the task has not ended by then, the answer is 202 with the default body.',
    }),
  },
  { additionalProperties: false },
);
export type AgentResponse = Static<typeof AgentResponse>;

export const ResponseInput = Type.Union(
  [Type.Partial(AgentResponse, { additionalProperties: false }), Type.Null()],
  {
    default: null,
    description:
      'The answer to the sender once its event is stored. null: `{"success": true, "task_id": …}`, or ' +
      'what the sender named by `signature` expects.',
  },
);
